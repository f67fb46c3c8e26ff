"""Practice AWS: EC2 on loopback, whose machines boot their user data as local processes.

Start it with ``python -m aws_simulator``; from Python with ``aws_simulator.process``.
"""

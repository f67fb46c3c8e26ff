"""The whole server, its agents and a lying EC2, in one thread and on one clock, from one seed."""

"""What EC2 does with machines and spot requests; HTTP and XML are moto's."""

"""The only room that speaks to AWS. One interface, `interface.Cloud`; EC2 behind it."""

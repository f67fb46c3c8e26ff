"""The machines themselves: process trees, consoles, power buttons and metadata."""

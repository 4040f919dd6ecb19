"""How the gateway is set up: where its files lie, and what Django is told."""

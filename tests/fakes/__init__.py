"""Stand-ins and worked examples that several tests share."""

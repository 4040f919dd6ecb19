"""A ledger as files: reading an exported folder, and writing one."""

"""Words with one meaning, used by every other room. Imports nothing but the errors."""

"""Tests. What several of them build upon lies in `tests.fakes`."""

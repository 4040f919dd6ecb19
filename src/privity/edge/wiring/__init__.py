"""Where the edges meet: the only place that knows both the acts and what carries them out."""

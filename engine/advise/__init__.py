"""An advisor on deep-learning training."""

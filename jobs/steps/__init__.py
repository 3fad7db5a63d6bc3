"""Steps: plain functions over the ports. Each can be done again from its beginning at any time."""

"""Answers to inquiries: each looks something up that only a worker can, and stores nothing."""

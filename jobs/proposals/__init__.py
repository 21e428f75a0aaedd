"""Proposals: changes of many jobs that somebody asks for, and that a person approves or declines."""

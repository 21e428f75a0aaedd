"""Saved views in the API."""

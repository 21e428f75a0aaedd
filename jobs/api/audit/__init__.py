"""The audit in the API."""

"""Measuring the product. Rule: it asks through the product's own addresses, in this process and over HTTP, and
reads the clock and PostgreSQL's plans; no room of the product knows of it.
"""

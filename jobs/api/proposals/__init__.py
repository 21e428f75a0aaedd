"""Proposals in the API: serializers, descriptions in the schema, and views."""

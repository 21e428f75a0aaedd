"""The tools for AI agents, by the Model Context Protocol: one URL, stateless, JSON in and out.

They call what the API calls, so that rules and words are the same. A tool changes at most a few named jobs; for more,
it stores a proposal, which only a person approves.
"""

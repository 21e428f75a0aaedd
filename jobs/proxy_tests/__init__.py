"""The examples of docs/proxies, started and used. Only if they are named: SUITES=proxies."""

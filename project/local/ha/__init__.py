"""`make ha`: three PostgreSQL servers under Patroni, etcd, HAProxy, two web servers and two workers, on this machine."""

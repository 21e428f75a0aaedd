"""What Prometheus reads: requests as all processes of this server have counted them, and what the database says."""

from django.db import migrations

# What an export that came to its end had in it, for a day (jobs/transfer/receipts.py). A proxy or a killed process may end a
# download so that it looks whole; whoever has the file compares. In the database, for any process may be asked.
FORWARD = """
CREATE TABLE export_receipt (
    id uuid PRIMARY KEY,
    jobs bigint NOT NULL,
    bytes bigint NOT NULL,
    sha256 bytea NOT NULL,
    finished_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);
-- What has expired, oldest first
CREATE INDEX export_receipt_by_expiry ON export_receipt (expires_at);
"""

BACKWARD = "DROP TABLE export_receipt;"


class Migration(migrations.Migration):
    dependencies = [("jobs", "0009_fixed_search_path")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

VISIBLE = (
    r"[^\U000000ad\U0000034f\U0000061c\U0000115f\U00001160\U000017b4\U000017b5\U0000180b-\U0000180f\U0000200b-\U0000200f"
    r"\U0000202a-\U0000202e\U00002060-\U0000206f\U00003164\U0000fe00-\U0000fe0f\U0000feff\U0000ffa0\U0000fff0-\U0000fff8"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U00000001-\U00000020\U0000007f-\U000000a0\U00001680"
    r"\U00002000-\U0000200a\U00002028\U00002029\U0000202f\U0000205f\U00003000\U00002800\U0000fff9-\U0000fffb"
    r"\U00013430-\U0001343f\U00013441\U00013442\U0001d159]"
)


class Migration(migrations.Migration):
    """From here on the database refuses invisible keys and more than 16 labels. Reads no rows: 0022 does."""

    dependencies = [("jobs", "0020_indexes_of_keys_and_labels")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '1500ms'", migrations.RunSQL.noop),
        AddConstraintNotValid(
            "job",
            models.CheckConstraint(name="job_key_visible", condition=models.Q(key__regex=VISIBLE)),
        ),
        AddConstraintNotValid(
            "job",
            models.CheckConstraint(name="job_labels_few", condition=models.Q(labels__len__lte=16)),
        ),
    ]

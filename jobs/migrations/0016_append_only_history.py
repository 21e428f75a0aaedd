from django.db import migrations

from jobs.sql.operations import CreateFunction, ReplaceFunction, RunFile


class Migration(migrations.Migration):
    """The database itself keeps the history append-only, and tells a rename from other changes by the names.

    All functions, triggers, tables and columns get comments. Reads and rewrites no rows. Only the new triggers need a lock
    that blocks writers, a brief one on job_status; the migration waits for it without blocking others for long.
    """

    atomic = False

    dependencies = [("jobs", "0015_restored_counters")]

    operations = [
        CreateFunction("job_status_append_only", "f52e0d13a59d"),
        RunFile("job_status_triggers", "c0996990927e"),
        ReplaceFunction("job_event_track", "651ea4b269a8", before="19a256c24e6c"),
        ReplaceFunction("job_event_trim", "e1c9b28fa731", before="55376f412689"),
        ReplaceFunction("job_count_track", "538b153b2ed5", before="d94c908d9f8f"),
        ReplaceFunction("job_count_fold", "7c0d596bb381", before="f0596e132926"),
        RunFile("job_activity_track", "0c509270baaf"),
        ReplaceFunction("job_activity_fold", "51af68563f8d", before="79382f45e7cc"),
        RunFile("job_activity_minute", "ad79c15615d6"),
        RunFile("job_restored_skip", "a76531a22ecc"),
        ReplaceFunction("kept_answer_claim", "0d35e7f6e102", before="b87cbdcbbdf8"),
        ReplaceFunction("job_feed_raise", "9c648dd07cc2", before="3972a3a91e40"),
        RunFile("job_feed_forget", "c853e89aad16"),
        RunFile("job_feed_restart", "c7b879648a61"),
        RunFile("job_feed_current", "267bd6098626"),
        RunFile("job_feed_open_turn", "d1bace141e11"),
        RunFile("job_feed_origin", "c64f5bf190fd"),
        RunFile("comments", "edcedde7b650"),
    ]

from django.db import migrations

from jobs.sql.operations import CreateFunction, ReplaceFunction, RunFile


class Migration(migrations.Migration):
    """The database itself keeps the history append-only, and tells a rename from other changes by the names.

    All functions, triggers, tables and columns get comments. Reads and rewrites no rows; each file needs a brief lock on
    the table of its triggers, and waits for it without blocking others for long.
    """

    atomic = False

    dependencies = [("jobs", "0015_restored_counters")]

    operations = [
        CreateFunction("job_status_append_only", "bc3d8f9d03ca"),
        ReplaceFunction("job_event_track", "3c5b830a6c5d", before="15ff45fd38c4"),
        ReplaceFunction("job_event_trim", "d07ce6b11e3f", before="0bfe18e52d26"),
        ReplaceFunction("job_count_track", "4b25fed6e4a3", before="fe83adc87eae"),
        ReplaceFunction("job_count_fold", "32fd3c2ccba4", before="58949cf4886c"),
        RunFile("job_counts", "8c2978e10bde"),
        RunFile("job_activity_track", "dcbe478a7432"),
        ReplaceFunction("job_activity_fold", "94d8cb9f1514", before="040d8cab78d5"),
        RunFile("job_activity_minute", "ad79c15615d6"),
        RunFile("job_restored_skip", "4ec94c7636ba"),
        ReplaceFunction("kept_answer_claim", "d02ea2fad079", before="855d26999f2a"),
        ReplaceFunction("job_feed_raise", "be15b02c2352", before="285a3993d4e6"),
        RunFile("job_feed_forget", "69b91bae4743"),
        RunFile("job_feed_restart", "ac11c42b0cce"),
        RunFile("job_feed_current", "267bd6098626"),
        RunFile("job_feed_open_turn", "d1bace141e11"),
        RunFile("job_feed_origin", "c64f5bf190fd"),
        RunFile("job_name_key", "85c918d66dee"),
        RunFile("comments", "9e076a65832e"),
    ]

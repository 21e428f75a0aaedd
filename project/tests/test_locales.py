"""The embedded PostgreSQL recognizes letters in every script and sorts by code point."""

import psycopg
import pytest

from project.local import postgres


@pytest.mark.parametrize("ctypes", [postgres.CTYPES, ("xx_XX.UTF-8", *postgres.CTYPES)])
def test_names_in_every_script_have_trigrams(
    cluster: postgres.Cluster, monkeypatch: pytest.MonkeyPatch, ctypes: tuple[str, ...]
) -> None:
    monkeypatch.setattr(postgres, "CTYPES", ctypes)
    cluster.ensure_running()
    cluster.ensure_database("jobs")
    with psycopg.connect(cluster.url("jobs"), autocommit=True) as superuser:
        superuser.execute("CREATE EXTENSION pg_trgm")
        for name in ("οδος", "привет", "日本語", "straße"):
            [[trigrams]] = superuser.execute("SELECT show_trgm(%s)", [name])
            assert len(trigrams) == len(name) + 1, name
        # Sorting and case still follow the code points.
        [[provider, locale]] = superuser.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'jobs'"
        )
        assert (provider, locale) == ("b", "C.UTF-8")


def test_falls_back_to_the_c_locale(
    cluster: postgres.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "CTYPES", ("xx_XX.UTF-8", "yy_YY.UTF-8", "C"))
    cluster.ensure_running()
    cluster.ensure_database("jobs")
    with psycopg.connect(cluster.url("jobs")) as superuser:
        [[encoding]] = superuser.execute("SELECT getdatabaseencoding()")
        assert encoding == "UTF8"

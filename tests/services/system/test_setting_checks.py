"""Every setting is judged before anything starts, with a sentence that names it."""

import hashlib
import secrets

import pytest

from services.system import setting_checks
from services.system.settings import Settings, UnsafeSettings, settings
from tests.databases import KEY


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULIN_MODE", "production")
    monkeypatch.setenv("MULIN_KEY", KEY)
    settings.cache_clear()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MODE", "test", "demo or production"),
        ("PORT", "0", "from 1 to 65535"),
        ("PORT", "70000", "from 1 to 65535"),
        ("PORT", "abc", "whole number"),
        ("SESSION_HOURS", "-3", "from 1 to"),
        ("SESSION_HOURS", "0", "from 1 to"),
        ("SESSION_HOURS", "1000000", "from 1 to"),
        ("SESSION_HOURS", "8.5", "whole number"),
        ("IDLE_MINUTES", "-1", "from 1 to"),
        ("SECURE_COOKIE", "perhaps", "true or false"),
        ("TIMEZONE", "Mars/Olympus", "no time zone"),
        ("TIMEZONE", "", "no time zone"),
        ("TIMEZONE", "../../etc/passwd", "no time zone"),
        ("DATABASE_URL", "mulin.db", "can't be read"),
        ("DATABASE_URL", "mysql://x/y", "can't be read"),
        ("DATABASE_URL", "", "can't be read"),
        ("TILES_URL", "ftp://tiles", "no address"),
        ("OIDC_ISSUER", "keycloak", "no address"),
        ("BACKUP_FOLDER", __file__, "path of a folder"),
        ("KEY", "", "is empty"),
        ("KEY", setting_checks.PUBLISHED_KEY, "at least 32"),
        ("KEY", "short", "at least 32"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"MULIN_{name}", value)
    with pytest.raises(UnsafeSettings, match=f"MULIN_{name}.*{said}"):
        settings().check()


@pytest.mark.parametrize(
    "key",
    [
        "a" * 36,
        "ab" * 20,
        "secret" * 8,
        "1234567890" * 4,
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "qwertyuiopasdfghjklzxcvbnm1234567890",
        "password1234password1234password1234",
        "0123456789abcdef0123456789abcdef",
        "Mulin2026Mulin2026Mulin2026Mulin2026",
        "aaaabbbbccccddddeeeeffffgggghhhhiiii",
        "19491001194910011949100119491001",
        f"{setting_checks.PUBLISHED_KEY}-{KEY}",
        "赤岭路" * 12,
        "mulin-secret-key-for-production-2026",
        "Production_Server_Key_Of_The_Subdistrict_Office_01",
        "Hunan-Changsha-Tianxin-Chilinglu-2026",
        "thequickbrownfoxjumpsoverthelazydog",
        "woaibeijingtiananmentiananmenshangtaiyangsheng",
        "Woaibeijing1tiananmen2tiananmen3shang4taiyang5sheng",
        "3141592653589793238462643383279502884197",
        "a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7",
        "deadbeefdeadbeefcafebabecafebabe00112233",
        hashlib.sha256(b"").hexdigest(),
        hashlib.sha256(b"password").hexdigest(),
        hashlib.md5(b"123456\n").hexdigest().upper(),
    ],
)
def test_production_takes_no_key_that_can_be_guessed(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("MULIN_KEY", key)
    with pytest.raises(UnsafeSettings, match="MULIN_KEY"):
        settings().check()


def test_whatever_a_generator_of_random_keys_writes_is_taken() -> None:
    for _ in range(60):
        keys = (secrets.token_hex(16), secrets.token_hex(32), secrets.token_urlsafe(24), secrets.token_urlsafe(48))
        assert all(setting_checks.strong(key) for key in keys), keys


def test_what_is_delivered_is_sound() -> None:
    assert list(setting_checks.faults(Settings(mode="demo", _env_file=None))) == []

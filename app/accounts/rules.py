from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote

SHORTEST, LONGEST = 10, 200  # characters of a password; NIST SP 800-63B: length counts, rules of composition do not
# The HTML standard's pattern of a valid e-mail address, with a dot required in the domain.
EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$"
# The commonest passwords of ten characters and more, as lists of leaked ones have them; runs and repeats are found by rule.
COMMON = frozenset(
    [
        "password12",
        "password123",
        "password1234",
        "password12345",
        "passwordpassword",
        "password2024",
        "password2025",
        "password2026",
        "passw0rd123",
        "qwertyuiop",
        "qwerty1234",
        "qwerty12345",
        "qwerty123456",
        "qwertyuiop123",
        "qwertyqwerty",
        "asdfghjkl1",
        "asdfghjkl123",
        "1q2w3e4r5t",
        "1q2w3e4r5t6y",
        "q1w2e3r4t5",
        "q1w2e3r4t5y6",
        "1qaz2wsx3edc",
        "zaq12wsxcde3",
        "qazwsxedcr",
        "qazwsxedcrfv",
        "abcd123456",
        "abc1234567",
        "a123456789",
        "123456789a",
        "123456789q",
        "1234567890q",
        "iloveyou123",
        "iloveyou12",
        "iloveyouuu",
        "iloveyou1234",
        "welcome123",
        "welcome1234",
        "letmein123",
        "letmein1234",
        "sunshine12",
        "sunshine123",
        "princess12",
        "princess123",
        "football12",
        "football123",
        "baseball12",
        "baseball123",
        "superman12",
        "superman123",
        "changeme123",
        "administrator",
        "admin12345",
        "admin123456",
        "trustno1trustno1",
        "monkey12345",
        "dragon12345",
        "master12345",
        "michael123",
        "charlie123",
        "liverpool1",
        "liverpool123",
        "manchester",
        "manchester1",
        "basketball",
        "basketball1",
        "chocolate1",
        "chocolate123",
        "strawberry",
        "computer123",
        "internet123",
        "samsung123",
        "whatever123",
        "starwars123",
        "pokemon123",
        "minecraft123",
        "blink182blink",
        "unbelievable",
    ]
)
RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")


def normalised(email: str) -> str:
    """An address as accounts know it: two spellings of one mailbox, as nearly every server sees it, are one."""
    return email.strip().casefold()


def is_email(email: str) -> bool:
    return len(email) <= 254 and re.fullmatch(EMAIL, email) is not None


def wrong_password(password: str, *about: str) -> str | None:
    """Why nobody should choose this password, in words; None when it will do. `about`: what strangers know of its owner."""
    if len(password) < SHORTEST:
        return f"Please use at least {SHORTEST} characters. Several words in a row are easy to remember."
    if len(password) > LONGEST:
        return f"Please use at most {LONGEST} characters."
    low = password.casefold()
    if low in COMMON or len(set(low)) < 4 or any(low in run or low in run[::-1] for run in RUNS):
        return "This is one of the passwords that are tried first. Please choose another."
    if any(low == known.casefold() for known in about if known):
        return "Please don't use your own name or address as the password."
    return None


def own_path(path: str) -> str:
    """The path if it leads to a page of ours, else an empty string. Browsers read `\\` as `/` and drop control characters."""
    plain = unquote(path)
    odd = "\\" in plain or any(ord(each) < 33 or ord(each) == 127 for each in plain)
    return path if path.startswith("/") and not plain.startswith("//") and not odd and len(path) <= 300 else ""


def browser_words(agent: str) -> str:
    """A browser as its owner would call it, from its User-Agent; guesses are good enough to recognise one's own."""
    names = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
             ("Chrom", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
               ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    name = next((word for mark, word in names if mark in agent), "A browser")
    system = next((word for mark, word in systems if mark in agent), "")
    return f"{name} on {system}" if system else name


def try_name(kind: str, whose: str) -> str:
    """Under which name tries are counted: nobody reads from the table who they were."""
    return hashlib.sha256(f"{kind}:{whose}".encode()).hexdigest()

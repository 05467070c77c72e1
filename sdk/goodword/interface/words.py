"""The wing of what people read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from goodword.model.message import Channel, Finding, Wording


class Messages(ABC):
    """What people read: one source of words, filled in from the live program."""

    @abstractmethod
    def say(
        self,
        program: str,
        *,
        channel: Channel,
        language: str = "en",
        code: str | None = None,
        advocate: str | None = None,
        shop: str | None = None,
        zone: str | None = None,
        version: int | None = None,
    ) -> Mapping[str, str]:
        """Return every text of a channel by its moment, as plain text, and the basic sentences.

        ``program``: its name, or ``*`` for the texts that speak of none, like a sign-in form;
        those a shop words once, for all of its programs.  The offer, the dates and
        the minimum are those of the program just now; ``version``: as an older version promises
        them, in the words that stood then.  ``code`` fills in who passes it on, by their given
        name, and how it is written; ``advocate``: what to call them instead, as in a letter to
        somebody whose name is at hand.  ``shop``: the shop's name as people know it; without it a
        server says the one that the shop chose, and a library its id.  ``zone``: where its days
        are counted, like ``Asia/Taipei``; without it a server takes the one that the shop chose,
        and a library UTC.  What only whoever shows the text can know, like a link or a coupon, is
        left standing as ``{link}`` for `goodword.words.put`.  Whoever writes a page escapes them.
        Raises `UnknownProgram`, `UnknownVersion`, `UnknownCode`, and `Invalid` for another
        channel, language, zone or version, and for a code of another program.
        """

    @abstractmethod
    def list(
        self,
        program: str,
        *,
        language: str = "en",
        shop: str | None = None,
        zone: str | None = None,
    ) -> Sequence[Wording]:
        """Return every text of a program in a language: as it stands, reads and began.

        ``program``, ``shop`` and ``zone``: as for `say`.  Raises `UnknownProgram` and `Invalid`.
        """

    @abstractmethod
    def edit(
        self, program: str, moment: str, channel: Channel, text: str | None, *, language: str = "en"
    ) -> Wording:
        """Let the shop's own words stand, from the program's newest version on; None: ours again.

        Older versions keep the words that stood.  A text holds words, ``{{ placeholders }}`` that
        its moment knows, and ``{% if name %} … {% else %} … {% endif %}``.  ``program``: as for
        `say`.  Raises `UnknownProgram`, `UnknownMoment`, and `TextInvalid` naming the spot and
        the mend.
        """

    @abstractmethod
    def preview(
        self,
        program: str,
        moment: str,
        channel: Channel,
        text: str,
        *,
        language: str = "en",
        shop: str | None = None,
        zone: str | None = None,
    ) -> Wording:
        """Return a text as it would read, and change nothing.

        ``program``, ``shop`` and ``zone``: as for `say`.  Raises `UnknownProgram`,
        `UnknownMoment`, `Invalid`, and `TextInvalid` naming the spot and the mend.
        """

    @abstractmethod
    def check(self, program: str, *, language: str = "en") -> Sequence[Finding]:
        """Return the texts, in any language, that promise what the live program does not give.

        The shop's own and ours.  ``program``: as for `say`; what stands for every program is in
        doubt where none of them gives it.  ``language``: in which to say what to do.  Raises
        `UnknownProgram` and `Invalid`.
        """

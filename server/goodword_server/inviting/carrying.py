"""The first mail to somebody who did not ask: who gave the address, what it is, how to say no."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

from goodword.model.followup import Carried, FollowUp, never
from goodword.model.invitation import Invitation
from goodword.model.message import Channel
from goodword.model.trouble import Trouble
from goodword.words import put
from goodword_server.entering import Entering
from goodword_server.house import House
from goodword_server.mail import MailCarrier, mail_carrier

# By RFC 8058: mail programs show a button of their own for it.
_ONE_CLICK: Final = "List-Unsubscribe=One-Click"


class InvitationCarrier:
    """Mails invitations, in the shop's words."""

    def __init__(self, house: House, post: MailCarrier) -> None:
        self._house = house
        self._entering = Entering(house)
        self._post = post

    def carry(self, deed: FollowUp) -> Carried:
        """Send the mail; a server that says "never" is believed, any other trouble is a pause."""
        if deed.invitation is None:
            why = f"an invitation cannot carry {deed.duty}"
            told = Trouble(why, "wrong_carrier", carrier="invitation", duty=str(deed.duty))
            return never(told)
        try:
            mail = self._mail(deed, deed.invitation)
        except ValueError:
            return never(Trouble("the address cannot stand on a mail", "mail_address"))
        return self._post.post(mail)

    def _mail(self, deed: FollowUp, told: Invitation) -> EmailMessage:
        look = self._house.look(deed.shop)
        said = self._house.referrals(deed.shop).messages.say(
            told.program,
            channel=Channel.MAIL,
            language=told.language,
            code=told.code,
            shop=look.name,
            zone=look.days_of,
        )
        stop = self._entering.decline_link(deed.shop, told.advocate)
        page = self._entering.link(deed.shop, told.advocate).url
        body = put(said[f"invitation.{told.relation}"], link=page, sender=told.by, stop=stop)
        sender = self._house.settings.mail_from
        mail = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
        mail["From"], mail["To"] = sender, told.email
        mail["Subject"] = " ".join(put(said["invitation.subject"], sender=told.by).split())
        # The same deed tried twice is the same mail: readers and servers fold the two into one.
        mail["Message-ID"] = f"<{deed.id}@{sender.rpartition('@')[2].rstrip('>')}>"
        mail["Date"] = deed.due
        mail["Auto-Submitted"] = "auto-generated"
        mail["List-Unsubscribe"] = f"<{stop}>"
        mail["List-Unsubscribe-Post"] = _ONE_CLICK
        mail.set_content(body)
        return mail


def invitation_carrier(house: House, mail: str) -> InvitationCarrier:
    """Return the carrier of a house; ``mail``: where mails go out."""
    return InvitationCarrier(house, mail_carrier(mail, house.settings.mail_from))

"""English sentences of signing in, and of its mails."""

from typing import Final

SENTENCES: Final = {
    "sign.in": "Sign in",
    "sign.email": "E-mail address",
    "sign.password": "Password",
    "sign.forgotten": "I do not know my password",
    "sign.send": "Send me a link",
    "sign.send_words": "We send a link to your e-mail address. With it you choose a new password.",
    "sign.back": "Back to signing in",
    "sign.choose": "Choose a password",
    "sign.choose_words": "At least {least} characters. A sentence that only you know is best.",
    "sign.new": "New password",
    "sign.again": "The same once more",
    "sign.keep": "Keep it",
    "sign.change": "Change your password",
    "sign.change_words": "You will be signed out everywhere else.",
    "sign.current": "Your password until now",
    "sign.move": "Change your e-mail address",
    "sign.move_now": "You sign in as {email}.",
    "sign.move_words": "We send a link to the new address; it counts once you open that, within "
    "{hours} hours. The old one is told.",
    "sign.move_to": "New e-mail address",
    "sign.no_mail": "This server sends no mail, so an address cannot be confirmed. Whoever runs it "
    "can let another address in with `goodword user`.",
    "sign.wrong_password": "This is not your password.",
    "mail.reset": "Hello,\n\nsomebody, probably you, asked for a new password. Choose one here, "
    "within {hours} hours:\n\n{link}\n\nIf it was not you, leave this mail alone.\n",
    "mail.changed": "Hello,\n\nyour password was changed, and every session was ended. If it was "
    "not you, ask for a new one at once:\n\n{link}\n",
    "mail.move": "Hello,\n\nyou, or somebody else, want to sign in by this address from now on. "
    "Confirm it here, within {hours} hours:\n\n{link}\n\nIf it was not you, leave this mail "
    "alone.\n",
    "mail.moved.subject": "Your e-mail address has changed",
    "mail.moved": "Hello,\n\nyour account signs in by another e-mail address from now on, and no "
    "longer by this one. If it was not you, tell whoever runs the server at once.\n",
    "mail.invited.subject": "You may look after {shop}",
    "mail.invited": "Hello,\n\nyou were let in to look after the referrals of {shop}. Choose a "
    "password here, within {hours} hours:\n\n{link}\n",
}

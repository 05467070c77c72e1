"""What friends and advocates read, in English.

By channel, then by moment; a section for each part.  The gift comes first: nobody is asked to help
somebody earn.  ``{{ names }}`` stand in `goodword.words.messages.names`.
"""

from typing import Final

from goodword.model.message import Channel

_HELLO: Final = "Hello{% if advocate %} {{ advocate }}{% endif %},\n\n"
_HOW: Final = "\n\n{{ how }}"
# Who gave the address, what this is, and how to say no: in every first letter.
_INVITED: Final = (
    "\n\nYour page has your link, a QR code and a card: {{ link }}\n\n"
    "Why this letter? {{ sender }} at {{ shop }} gave us your address, to invite you to pass on "
    "gifts of {{ shop }}. It is sent once. If you want no such letters, one click is enough: "
    "{{ stop }}\n"
)

MESSAGES: Final = {
    Channel.ALL: {
        # The basic sentences; what stands here is ``{{ offer_line }}`` and so on elsewhere.
        "offer_line": "{{ offer }}{% if minimum %}, on orders from {{ minimum }}{% endif %}",
        "terms": "{% if new_friends %}For new customers, on{% else %}On{% endif %} "
        "{% if claim_days %}one{% else %}any{% endif %} order"
        "{% if minimum %} of {{ minimum }} or more{% endif %}"
        "{% if ends %}, until {{ ends }}{% endif %}"
        "{% if claim_days %}; once taken, the gift is good for {{ claim_days }}{% endif %}.",
        "how": "Pass your link on. Your friend gets {{ offer }}. When they order, "
        "{% if reward %}you get {{ reward }}{% if hold_days %}; it is yours {{ hold_days }} later, "
        "when the return period is over{% endif %}{% else %}we thank you{% endif %}."
        "{% if tiers %} {{ tiers }}{% endif %}",
    },
    Channel.PAGE: {
        # The friend's page.
        "friend.title": "{% if advocate %}A gift from {{ advocate }}{% else %}A gift from a friend"
        "{% endif %}",
        "friend.greeting": "{% if advocate %}{{ advocate }}{% else %}A friend of yours{% endif %} "
        "likes {{ shop }}, and has something for you:",
        "friend.gift": "{{ offer_line }}",
        "friend.button": "Take the gift",
        "friend.terms": "{{ terms }}",
        "friend.terms.shared": "For {% if minimum %}orders of {{ minimum }} or more{% else %}any "
        "order{% endif %}{% if new_friends %}, by new customers{% endif %}"
        "{% if ends %}, until {{ ends }}{% endif %}.",
        "friend.email": "Your e-mail address",
        "friend.email.wrong": "That is no e-mail address yet. Please look at it once more.",
        "friend.phone": "Your phone number",
        "friend.phone.wrong": "That is no phone number yet. Please write it with its country, "
        "like +886 912 345 678.",
        "friend.contact": "For this gift alone: nobody writes to you unasked.",
        "friend.again": "This page was open for a while, or your browser keeps no cookies here. "
        "Please press the button once more.",
        "friend.got.title": "It is yours",
        "friend.got.text": "Your coupon is good until {{ when }}.",
        "friend.got.button": "To the shop, with the coupon",
        "friend.coupon": "Your coupon",
        "friend.coupon.type": "Type it in at the checkout.",
        "friend.coupon.applied": "The button applies it for you.",
        "friend.making": "The shop is just making it ready; in a moment it can be used.",
        "friend.making.look": "Look again",
        "friend.code": "Your friend's code",
        "friend.code.text": "The button brings it along. Should the checkout ask for a code, type "
        "it in.",
        "friend.to_shop": "To the shop",
        "friend.not_yet.title": "This gift has not begun yet",
        "friend.not_yet.text": "This gift begins {% if starts %}on {{ starts }}{% else %}soon"
        "{% endif %}. Keep the link, and come back.",
        "friend.over.title": "This gift has ended",
        "friend.over.text": "You are welcome at {{ shop }} all the same. Ask your friend: there "
        "may be a new gift.",
        "friend.paused.title": "This gift is resting for now",
        "friend.paused.text": "The shop has paused it. A coupon that you already have rests, too, "
        "and keeps its date. The shop is open to you.",
        "friend.code_ended.title": "This link has ended",
        "friend.code_ended.text": "Ask your friend for a new one; the shop is open to you.",
        "friend.own.title": "This is your own link",
        "friend.own.text": "It is for passing on: a friend who follows it gets {{ offer }}. Copy "
        "it, and send it to somebody who would like {{ shop }}:",
        "friend.own.page": "To your page, with buttons to share it",
        "friend.customer.ask": "Are you a customer at {{ shop }} already?",
        "friend.customer.title": "Good to see you again",
        "friend.customer.text": "This gift is for those who are new at {{ shop }}. You have "
        "friends who are, too: pass a gift on to them.",
        "friend.claimed.title": "You have it already",
        "friend.claimed.text": "You took this gift before; your coupon is good until {{ when }}.",
        "friend.proofs": "What others say",
        "friend.proofs.testimonial": "Read more",
        "friend.proofs.article": "Read the article",
        "friend.proofs.white_paper": "Read the paper",
        # The advocate's page.
        "advocate.title": "{% if advocate %}Hello {{ advocate }}{% else %}Hello{% endif %}",
        "advocate.text": "Here is a gift for your friends: {{ offer_line }}.",
        "advocate.how": "{{ how }}",
        "advocate.not_live": "This gift cannot be taken just now; your link works again once it "
        "can.",
        "advocate.message": "Your message: change it as you like",
        "advocate.message.use": "Put these words into the buttons",
        "advocate.pass_on": "Pass it on",
        "advocate.via.line": "Share with LINE",
        "advocate.via.facebook": "Facebook",
        "advocate.via.x": "X",
        "advocate.via.threads": "Threads",
        "advocate.via.linkedin": "LinkedIn",
        "advocate.via.whatsapp": "WhatsApp",
        "advocate.via.email": "E-mail",
        "advocate.via.copy": "Copy",
        "advocate.via.sheet": "Other apps",
        "advocate.copied": "Copied. Paste it wherever you like.",
        "advocate.more": "More ways",
        "advocate.link_alone": "Facebook and LinkedIn take the link alone: write your own words "
        "there.",
        "advocate.link": "Your link",
        "advocate.code": "Your code, for telling it",
        "advocate.show": "QR code and card",
        "advocate.qr": "Let a friend scan this, and your gift opens.",
        "advocate.card": "Your card with the gift, your code and a QR code",
        "advocate.card.send": "A picture to send. Also:",
        "advocate.card.square": "square, to post",
        "advocate.card.printed": "A6, to print",
        # What a link shows before it is opened.
        "preview.title": "{% if advocate %}A gift from {{ advocate }}{% else %}A gift from a friend"
        "{% endif %}: {{ offer }}",
        "preview.text": "{% if advocate %}{{ advocate }}{% else %}A friend{% endif %} puts in a "
        "good word for {{ shop }}, and has a gift for you.",
    },
    Channel.MAIL: {
        # Thanks.
        "thanks.subject": "Thank you{% if advocate %}, {{ advocate }}{% endif %}!",
        "thanks.body": "Hello{% if advocate %} {{ advocate }}{% endif %},\n\n"
        "thank you for putting in a good word for us: a friend has just ordered with your code "
        "{{ code }}.\n{% if reward %}\nYour reward is on its way: you find it on your page at "
        "{{ shop }} {% if hold_days %}as soon as the return period is over{% else %}shortly"
        "{% endif %}.\n{% endif %}",
        # The friend's coupon, sent to them who asked for it.
        "coupon.subject": "{% if advocate %}Your gift from {{ advocate }}{% else %}Your gift"
        "{% endif %}: {{ offer }}",
        "coupon.body": "Hello,\n\nhere is your gift at {{ shop }}: {{ offer }}.\n\n"
        "Your coupon: {{ coupon }}\nGood until: {{ when }}\n\n{{ terms }}\n\n"
        "To the shop: {{ link }}\n",
        # A reward that was granted.
        "reward.subject": "Your reward: {{ amount }}",
        "reward.body": "Hello{% if advocate %} {{ advocate }}{% endif %},\n\n"
        "{% if hold_days %}the return period is over, and {% endif %}{{ amount }} is yours. Thank "
        "you for your good word.\n\n"
        "Use it now: {{ link }}\n",
        # Invitation: by how its reader stands to the shop.
        "invitation.subject": "{{ shop }} has a gift for your friends",
        "invitation.customer": _HELLO
        + "you know {{ shop }}, and we would like to thank you for every good word."
        + _HOW
        + _INVITED,
        "invitation.employee": _HELLO
        + "you know {{ shop }} from the inside, and nobody can speak of it better. Nothing is "
        "expected of you: pass this on where you would recommend us anyway. Your friends get "
        "{{ offer }}, and we thank you for each." + _INVITED,
        "invitation.supplier": _HELLO
        + "you know how {{ shop }} works, and your word weighs with those who ask you."
        + _HOW
        + _INVITED,
        "invitation.partner": _HELLO
        + "you advise people whom {{ shop }} would gladly serve. When you send them to us, a gift "
        "is ready for them." + _HOW + _INVITED,
    },
    Channel.LINE: {
        # The Flex card that an advocate passes on, and thanks by LINE.
        "card.alt": "{% if advocate %}A gift from {{ advocate }}{% else %}A gift for you"
        "{% endif %}: {{ offer }} at {{ shop }}",
        "card.title": "{% if advocate %}A gift from {{ advocate }}{% else %}A gift for you"
        "{% endif %}",
        "card.offer": "{{ offer }}",
        "card.text": "{{ terms }}",
        "card.button": "Take the gift",
        "thanks": "Thank you{% if advocate %}, {{ advocate }}{% endif %}! A friend has just "
        "ordered "
        "with your code {{ code }}.",
    },
    Channel.CARD: {
        # The digital and the printed card.
        "card.title": "{% if advocate %}A gift from {{ advocate }}{% else %}A gift for you{% "
        "endif %}",
        "card.offer": "{{ offer }}",
        "card.shop": "{{ shop }}",
        "card.code": "Code: {{ code }}",
        "card.scan": "Scan and take it",
        "card.terms": "{% if starts %}From {{ starts }} on. {% endif %}{{ terms }}",
    },
    Channel.WIDGET: {
        # The widget at the shop.
        "offer.title": "{% if advocate %}A gift from {{ advocate }}{% else %}A gift for you"
        "{% endif %}",
        "offer.text": "{{ offer_line }}",
        "offer.code": "Code: {{ code }}",
        "offer.button": "Take the gift",
        "share.title": "A gift for your friends",
        "share.text": "Pass it on: your friends get {{ offer }}.",
        "share.button": "Get my link",
        "share.link": "Your link",
        "share.copy": "Copy the link",
        "share.copied": "Copied.",
        "share.more": "Share another way",
        "close": "Close",
    },
    Channel.SHARE: {
        # What an advocate passes on, by how they stand to the shop; the link comes after it.
        "message.customer": "I like {{ shop }}, and have a gift for you there: {{ offer }}. 🎁",
        "message.employee": "I work at {{ shop }}, and would like to give you something: "
        "{{ offer }}.",
        "message.supplier": "We supply {{ shop }}, and know how good they are. A gift for you "
        "there: {{ offer }}.",
        "message.partner": "We work with {{ shop }} and gladly pass them on. A gift for you: "
        "{{ offer }}.",
        "mail.subject": "A gift for you: {{ offer }} at {{ shop }}",
    },
}

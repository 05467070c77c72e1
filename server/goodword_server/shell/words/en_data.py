"""English sentences of who asked what is kept of them, of debts, and of a shop that left."""

from typing import Final

SENTENCES: Final = {
    "nav.data": "Data requests",
    "data.title": "Data requests",
    "data.words": "Customers who asked the shop what is kept of them. Hand the file on to them, "
    "together with what the shop itself keeps, before the day that is named here.",
    "data.none": "Nobody has asked.",
    "data.request": "Request {id}",
    "data.received": "Asked",
    "data.due": "To be answered by",
    "data.late": "late",
    "data.file": "What is kept of them, as a file",
    "data.forgotten": "Who asked was forgotten meanwhile: nothing is kept of them.",
    "data.answer": "It was answered",
    "data.answered": "Noted. Who asked is kept here no longer.",
    "data.answered.at": "Answered",
    "data.gone": "It was answered before.",
    "did.data_answered": "answered a data request",
    "did.shop_left": "(nobody here) the shop removed the app:",
    "health.data": "Data requests",
    "health.data.some": "{count} to be answered, the first by",
    "health.data.look": "Look at them",
    "health.owed": "Owed back",
    "health.owed.some": "These rewards could not be taken back whole when an order came to less: "
    "what was spent by then is kept from the next rewards.",
    "health.owed.by": "{name}: {amount}, of order",
    "health.left": "It was disconnected {ago}, here or by removing the app at the shop. Nothing is "
    "done there any more; codes that were given last until their end. Connected again, it goes on "
    "where it stopped.",
}

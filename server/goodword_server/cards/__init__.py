"""Referral cards: a picture of the gift, with the shop's colour and a QR code, to pass on."""

"""A Django view that asks a goodword server: one file, no models, no database of its own.

    export GOODWORD_URL=https://thanks.example GOODWORD_KEY=gw_…
    python examples/django_view/shop.py runserver

    curl -d number=1001 -d total=720 -d code=THE-CODE http://127.0.0.1:8000/orders/

In a project of yours take `check_out` and `why`, and keep `GOODWORD` in its settings.
"""

from __future__ import annotations

import os
import secrets
import sys
from datetime import UTC, datetime

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

import goodword
from goodword import Order, money

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1", "testserver"],
        GOODWORD=(os.environ["GOODWORD_URL"], os.environ["GOODWORD_KEY"]),
        ROOT_URLCONF=__name__,
        SECRET_KEY=secrets.token_urlsafe(50),
        USE_TZ=True,
    )
    django.setup()

# One for the whole process: it keeps its connections, and threads may share it.
referrals = goodword.connect(*settings.GOODWORD)


def check_out(request: HttpRequest) -> HttpResponse:
    """A friend bought.  Their order stands, whether or not the goodword server can be reached."""
    now, total = datetime.now(UTC), money(request.POST["total"], "TWD")
    order = Order(
        id=request.POST["number"],
        placed=now,
        paid=now,
        net=total,
        gross=total,
        email=request.POST.get("email"),
        code=request.POST.get("code"),
        visit=request.COOKIES.get("visit"),
    )
    try:
        outcome = referrals.record_order(order)
    except goodword.ServerDown:
        # Put it on your queue and tell it again later: told twice, an order still counts once.
        return JsonResponse({"result": "later"}, status=202)
    return JsonResponse({"result": outcome.result, "reasons": outcome.reasons})


def why(request: HttpRequest, number: str) -> HttpResponse:
    """Say who was credited for an order, and why."""
    try:
        told = referrals.credit.explain(number)
    except goodword.UnknownOrder as error:
        return HttpResponse(f"{error}\n", status=404, content_type="text/plain")
    return HttpResponse("\n".join(told.words) + "\n", content_type="text/plain")


urlpatterns = [path("orders/", require_POST(check_out)), path("orders/<number>/why", why)]

if __name__ == "__main__":
    execute_from_command_line(sys.argv)

"""The goodword server: links, webhooks, the HTTP interface, pages and the worker."""

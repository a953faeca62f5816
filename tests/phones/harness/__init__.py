"""Softphones, a raw SIP client, the API client and the servers that the phone tests use."""

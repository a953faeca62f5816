"""Trunks and outcalls through the API, for the tests of calls with the telephone network."""

import itertools

from .office import Office
from .provider import Provider

NAMES = itertools.count(1)


class Network:
    """Providers, trunks and outcalls of one test."""

    def __init__(self, office: Office):
        self.office, self.api, self.server = office, office.api, office.server
        self._made: list[str] = []

    def close(self):
        """Take away what was made: an emergency call tries every trunk of the tenant."""
        for path in reversed(self._made):
            self.api.request("DELETE", path)

    def provider(self, **options) -> Provider:
        made = Provider(self.server.udp, **options)
        self.office._open.append(made)
        return made

    def trunk(self, context: str | None = "from-extern", caller_id_format: str = "+E164", name: str = "", **sections) -> dict:
        """A trunk with a SIP endpoint of these sections (`aor`, `identify` …, lists of pairs)."""
        name = name or f"trunk{next(NAMES)}"
        body = {"name": name, **{f"{section}_section_options": pairs for section, pairs in sections.items()}}
        trunk = self.api.post("/trunks", {"context": context, "outgoing_caller_id_format": caller_id_format}).json
        self._made.append(f"/trunks/{trunk['id']}")
        sip = self.api.post("/endpoints/sip", body).json
        self.api.ready(self.api.put(f"/trunks/{trunk['id']}/endpoints/sip/{sip['uuid']}"))
        return {**trunk, "name": name, "endpoint": sip}

    def trunk_to(self, provider: Provider, **sections) -> dict:
        """A trunk to a provider that is known by its address, in both directions."""
        return self.trunk(
            aor=[["contact", f"sip:{provider.host}"], ["qualify_frequency", "0"]], identify=[["match", provider.address]], **sections
        )

    def outcall(self, trunks: list[dict], exten: str, treatment: dict | None = None, **fields) -> dict:
        """An outcall over these trunks for the numbers of a pattern."""
        api = self.api
        outcall = api.post("/outcalls", {"name": f"out{next(NAMES)}", **fields}).json
        self._made.append(f"/outcalls/{outcall['id']}")
        api.put(f"/outcalls/{outcall['id']}/trunks", {"trunks": [{"id": trunk["id"]} for trunk in trunks]})
        extension = api.post("/extensions", {"exten": exten, "context": "to-extern"}).json
        self._made.insert(0, f"/extensions/{extension['id']}")
        api.ready(api.put(f"/outcalls/{outcall['id']}/extensions/{extension['id']}", treatment or {}))
        return {**outcall, "extension": extension}

    def prefix(self) -> str:
        """Digits that begin the numbers of one outcall and of no other."""
        return f"8{next(NAMES):03}"

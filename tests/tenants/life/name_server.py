"""A real DNS server for tests: it answers from a zone that the test writes, over UDP on this machine."""

import socket
import threading

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset


class NameServer:
    """Answers for `records[name][kind]`; says nothing at all while `silent`."""

    def __init__(self):
        self.records = {}
        self.silent = False
        self.asked = []
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self):
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def put(self, name, kind, *values):
        self.records.setdefault(name.rstrip("."), {})[kind] = values

    def take(self, name):
        self.records.pop(name.rstrip("."), None)

    def close(self):
        self._socket.close()

    def _serve(self):
        while True:
            try:
                wire, sender = self._socket.recvfrom(4096)
            except OSError:
                return
            if not self.silent:
                self._socket.sendto(self._answer(dns.message.from_wire(wire)).to_wire(), sender)

    def _answer(self, query):
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.RA
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        while "CNAME" in self.records.get(name, {}):
            (target,) = self.records[name]["CNAME"]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "CNAME", f"{target}."))
            name = target
        if name not in self.records:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif values := self.records[name].get(kind):
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", kind, *values))
        return answer

"""Whether the sender's domain lets receivers trust its mail: SPF and DMARC records."""

import dns.exception
import dns.resolver

from cavaco_plugin.channels.contract import Finding

SECONDS_TO_WAIT = 3.0


def check_sender(domain: str, *, resolver: dns.resolver.Resolver | None = None) -> list[Finding]:
    """Findings about the domain's records; a resolver that does not answer is a finding too."""
    ask = resolver or dns.resolver.Resolver()
    ask.lifetime = SECONDS_TO_WAIT
    findings = []
    for name, prefix, finding in (
        (domain, "v=spf1", _no_spf(domain)),
        (f"_dmarc.{domain}", "v=DMARC1", _no_dmarc(domain)),
    ):
        try:
            if not any(text.startswith(prefix) for text in _texts(ask, name)):
                findings.append(finding)
        except dns.exception.DNSException as error:
            return [*findings, _unknown(domain, error)]
    return findings


def _texts(resolver: dns.resolver.Resolver, name: str) -> list[str]:
    try:
        answer = resolver.resolve(name, "TXT")
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


def _no_spf(domain: str) -> Finding:
    return Finding(
        code="no_spf",
        field="sender_email",
        message=f"{domain} has no SPF record: receivers can not tell that your provider may send.",
        remedy=f"Add the TXT record that your e-mail provider names (v=spf1 …) to {domain}.",
    )


def _no_dmarc(domain: str) -> Finding:
    return Finding(
        code="no_dmarc",
        field="sender_email",
        message=f"{domain} has no DMARC record: large mailbox providers refuse bulk mail without.",
        remedy=f"Add a TXT record at _dmarc.{domain}, to begin with: v=DMARC1; p=none",
    )


def _unknown(domain: str, error: dns.exception.DNSException) -> Finding:
    return Finding(
        code="dns_unknown",
        field="sender_email",
        message=f"The DNS records of {domain} could not be read: {error}",
        remedy="Check them from a machine with a name server: SPF, DKIM and DMARC must be there.",
    )

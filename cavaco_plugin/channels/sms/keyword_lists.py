"""The words and wishes that `keywords` reads, by language. Data only."""

import re

STOP_WORDS = {
    "en": "stop|stopall|stop all|quit|end|revoke|opt out|optout|cancel|unsubscribe|remove me",
    "de": "stopp|abmelden|abbestellen|abmeldung|austragen|beenden|ende|kundigen|widerruf|widerrufen",
    "fr": "arret|arreter|arretez|desabonner|desabonnement|desinscrire|desinscription|stop sms|stop pub|fin",
    "es": "alto|baja|darse de baja|dar de baja|cancelar|parar|basta|detener|fin",
    "pl": "koniec|wypisz|wypisz mnie|rezygnuje|rezygnacja|anuluj|wyrejestruj|zakoncz|odwolaj|przestan",
}
HELP_WORDS = {
    "en": "help|info",
    "de": "hilfe",
    "fr": "aide",
    "es": "ayuda|informacion",
    "pl": "pomoc|informacja",
}
START_WORDS = {
    "en": "start|unstop|subscribe|opt in|optin|resume",
    "de": "anmelden|fortsetzen",
    "fr": "reprendre|abonner",
    "es": "alta|reanudar|suscribir",
    "pl": "zapisz|zapisz mnie|wznow",
}

# Each wish in the form `normalise` gives: small letters, no accents, no punctuation, single spaces.
_TEXTS = r"(texts?|text messages?|messag\w+|sms|spam\w*|notifications?)"
_WRITE = r"(text|texting|message|messaging|contact|contacting|spam|spamming|bother|bothering|call|calling)"
_UNWANTED = r"\b(do not|dont|no longer|never) (want|wish|need)"
_FR_TEXTS = r"(envoyer|ecrire|contacter|messages?|sms|textos?)"
STOP_WISHES = [
    rf"\b(stop|quit|cease) ({_WRITE}|((all|these|the|your|with) )*{_TEXTS})\b",
    rf"\b(stop|quit|cease) send\w* (me )?({_TEXTS}|these|this|stuff)\b",
    rf"\b(do not|dont|never) (ever )?{_WRITE} (me|us)\b",
    rf"\b(do not|dont|never) (ever )?send me (any|more|anymore|again|these|{_TEXTS})\b",
    rf"{_UNWANTED} (to )?(get |receive |be sent )?((any|more|of|these|your|this|the) )*{_TEXTS}\b",
    rf"\bno more {_TEXTS}\b",
    r"\b(take|remove|delete) (me|my number|this number|my phone number) (off|from)\b",
    r"\bunsubscribe me\b|\bopt me out\b|\bwant to (opt out|unsubscribe|be removed)\b",
    r"\b(revoke|withdraw)\w* (my )?(consent|permission)\b",
    r"\bleave me alone\b",
    # German
    r"\b(bitte|will|mochte|wunsche) (\w+ )?keine (\w+ )?(sms|nachrichten?|werbung)\b",
    r"\bkeine (weiteren )?(sms|nachrichten?|werbung) mehr\b",
    r"\b(hort|horen sie|hor) (bitte )?auf\b.*\b(schreiben|sms|nachrichten?|texten)\b",
    r"\b(schreibt?|schreiben sie|kontaktieren sie) mir (bitte )?(nicht mehr|nie wieder)\b",
    r"\b(mich|meine nummer)\b.*\b(abmelden|austragen|loschen|entfernen|abbestellen)\b",
    r"\b(lasst|lassen sie|lass) mich in ruhe\b",
    # French
    r"\bne m (envoyez|ecrivez|contactez|envoie) plus\b",
    r"\bne (veux|souhaite|desire) plus\b.*\b(messages?|sms|textos?)\b",
    r"^plus (de|aucun) (messages?|sms|textos?)\b",
    rf"\b(arretez|cessez|arreter|arrete) (de )?(m |me |ces |vos |les |tous ces )?{_FR_TEXTS}\b",
    r"\b(desabonnez|desinscrivez|retirez|supprimez|enlevez) moi\b|\bme (desabonner|desinscrire)\b",
    r"\blaissez moi tranquille\b",
    # Spanish
    r"\bno (quiero|deseo)\b.*\b(mensajes?|sms)\b",
    r"\bno me (envien?|manden?|escriban?|contacten)\b",
    r"\bdej(a|e|en) de (enviar|mandar|escribir|contactar)\w*\b",
    r"\b(dar(me)?|denme|dame|deme) de baja\b",
    # Polish
    r"\b(nie chce|nie zycze sobie)\b.*\b(sms\w*|wiadomosc\w*)\b",
    r"\b(prosze nie|przestancie|prosze przestac)\b.*\b(sms\w*|wiadomosc\w*|pisac|wysylac|przysylac)\b",
    r"\b(wypiszcie|usuncie) mnie\b|\bprosze (mnie )?(wypisac|usunac)\b",
]
# What turns a wish round ("don't stop texting me", "n'arrêtez pas …") or makes it a question or a report.
TURNED = re.compile(
    r"\b(dont|do not|never|please keep|ne|n|nicht|nie|no) (ever |you |dare )?"
    r"(stop|quit|unsubscribe|opt out|remove|take me|arretez|cessez|desabonnez|dejen?|aufhoren|przestawajcie)\b"
    r"|\b(why|warum|wieso|pourquoi|por que|dlaczego)\b"
    r"|\b(when|did|would|how) (did |would |do )?(you|i) (stop|quit|unsubscribe)\b"
    r"|\b(just|only|but|please|instead) text( me)?\b|\btext me instead\b"
    r"|\bhabe\b.*\b(bekommen|erhalten)\b"
)

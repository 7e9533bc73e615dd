"""The zones of regions that differ from most of their country.

A region is written as its code or its name, in any case and without accents; a region that is not
named here lies in the zone of its country (see `countries`).
"""

# zone → "XX: region, region; YY: …"
_REGIONS = {
    # United States
    "America/Chicago": (
        "US: AL, Alabama, AR, Arkansas, IL, Illinois, IA, Iowa, KS, Kansas, LA, Louisiana, MN, Minnesota,"
        " MS, Mississippi, MO, Missouri, NE, Nebraska, ND, North Dakota, OK, Oklahoma, SD, South Dakota,"
        " TN, Tennessee, TX, Texas, WI, Wisconsin"
    ),
    "America/Denver": ("US: CO, Colorado, MT, Montana, NM, New Mexico, UT, Utah, WY, Wyoming"),
    "America/Boise": "US: ID, Idaho",
    "America/Phoenix": "US: AZ, Arizona",
    "America/Los_Angeles": "US: CA, California, NV, Nevada, OR, Oregon, WA, Washington",
    "America/Anchorage": "US: AK, Alaska",
    "Pacific/Honolulu": "US: HI, Hawaii",
    "America/Puerto_Rico": "US: PR, Puerto Rico",
    "America/St_Thomas": "US: VI, Virgin Islands, U.S. Virgin Islands",
    "Pacific/Guam": "US: GU, Guam, MP, Northern Mariana Islands",
    "Pacific/Pago_Pago": "US: AS, American Samoa",
    # Canada
    "America/Vancouver": "CA: BC, British Columbia",
    "America/Edmonton": "CA: AB, Alberta, NT, Northwest Territories",
    "America/Whitehorse": "CA: YT, Yukon",
    "America/Regina": "CA: SK, Saskatchewan",
    "America/Winnipeg": "CA: MB, Manitoba",
    "America/Halifax": "CA: NS, Nova Scotia, PE, Prince Edward Island",
    "America/Moncton": "CA: NB, New Brunswick, Nouveau-Brunswick",
    "America/St_Johns": "CA: NL, Newfoundland and Labrador",
    # Mexico
    "America/Tijuana": "MX: BC, B.C., Baja California",
    "America/Mazatlan": "MX: BCS, B.C.S., Baja California Sur, SIN, Sin., Sinaloa, NAY, Nay., Nayarit",
    "America/Hermosillo": "MX: SON, Son., Sonora",
    "America/Cancun": "MX: QROO, Q.R., Quintana Roo",
    # Brazil
    "America/Manaus": "BR: AM, Amazonas",
    "America/Porto_Velho": "BR: RO, Rondonia",
    "America/Boa_Vista": "BR: RR, Roraima",
    "America/Cuiaba": "BR: MT, Mato Grosso",
    "America/Campo_Grande": "BR: MS, Mato Grosso do Sul",
    "America/Rio_Branco": "BR: AC, Acre",
    "America/Noronha": "BR: Fernando de Noronha",
    # Chile and Ecuador
    "America/Punta_Arenas": "CL: Magallanes, Magallanes y de la Antartica Chilena",
    "Pacific/Galapagos": "EC: Galapagos",
    # Australia and New Zealand
    "Australia/Brisbane": "AU: QLD, Queensland",
    "Australia/Adelaide": "AU: SA, South Australia",
    "Australia/Darwin": "AU: NT, Northern Territory",
    "Australia/Perth": "AU: WA, Western Australia",
    "Pacific/Chatham": "NZ: Chatham Islands",
    # Spain and Portugal
    "Atlantic/Canary": (
        "ES: Canarias, Islas Canarias, Canary Islands, GC, TF, Las Palmas, Santa Cruz de Tenerife"
    ),
    "Atlantic/Azores": "PT: Acores, Azores, Regiao Autonoma dos Acores, 20",
    "Atlantic/Madeira": "PT: Madeira, Regiao Autonoma da Madeira, 30",
    # Indonesia
    "Asia/Makassar": (
        "ID: Bali, Nusa Tenggara Barat, Nusa Tenggara Timur, Sulawesi Selatan, Sulawesi Utara,"
        " Sulawesi Tengah, Sulawesi Tenggara, Sulawesi Barat, Gorontalo, Kalimantan Timur,"
        " Kalimantan Selatan, Kalimantan Utara"
    ),
    "Asia/Jayapura": "ID: Papua, Papua Barat, Maluku, Maluku Utara",
    # Russia
    "Europe/Kaliningrad": "RU: Kaliningrad, Kaliningrad Oblast, Калининградская область",
    "Europe/Samara": (
        "RU: Samara, Samara Oblast, Самарская область, Udmurtia, Udmurt Republic,"
        " Удмуртская Республика"
    ),
    "Europe/Saratov": "RU: Saratov, Saratov Oblast, Саратовская область",
    "Asia/Yekaterinburg": (
        "RU: Sverdlovsk, Sverdlovsk Oblast, Свердловская область, Chelyabinsk, Chelyabinsk Oblast,"
        " Челябинская область, Perm, Perm Krai, Пермский край, Bashkortostan,"
        " Республика Башкортостан, Orenburg, Orenburg Oblast, Оренбургская область, Tyumen,"
        " Tyumen Oblast, Тюменская область, Kurgan, Kurgan Oblast, Курганская область,"
        " Khanty-Mansi Autonomous Okrug, Ханты-Мансийский автономный округ - Югра,"
        " Yamalo-Nenets Autonomous Okrug, Ямало-Ненецкий автономный округ"
    ),
    "Asia/Omsk": "RU: Omsk, Omsk Oblast, Омская область",
    "Asia/Novosibirsk": "RU: Novosibirsk, Novosibirsk Oblast, Новосибирская область",
    "Asia/Barnaul": "RU: Altai Krai, Алтайский край, Altai Republic, Республика Алтай",
    "Asia/Tomsk": "RU: Tomsk, Tomsk Oblast, Томская область",
    "Asia/Novokuznetsk": "RU: Kemerovo, Kemerovo Oblast, Кемеровская область",
    "Asia/Krasnoyarsk": (
        "RU: Krasnoyarsk, Krasnoyarsk Krai, Красноярский край, Khakassia, Республика Хакасия,"
        " Tuva, Республика Тыва"
    ),
    "Asia/Irkutsk": "RU: Irkutsk, Irkutsk Oblast, Иркутская область, Buryatia, Республика Бурятия",
    "Asia/Chita": "RU: Zabaykalsky Krai, Забайкальский край",
    "Asia/Yakutsk": (
        "RU: Sakha, Sakha Republic, Республика Саха (Якутия), Amur Oblast, Амурская область"
    ),
    "Asia/Vladivostok": (
        "RU: Primorsky Krai, Приморский край, Khabarovsk Krai, Хабаровский край,"
        " Jewish Autonomous Oblast, Еврейская автономная область"
    ),
    "Asia/Magadan": "RU: Magadan, Magadan Oblast, Магаданская область",
    "Asia/Sakhalin": "RU: Sakhalin, Sakhalin Oblast, Сахалинская область",
    "Asia/Kamchatka": ("RU: Kamchatka Krai, Камчатский край, Chukotka, Чукотский автономный округ"),
}


def _by_region() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for zone, text in _REGIONS.items():
        country, _, names = text.partition(": ")
        found |= {(country, name.strip().casefold()): zone for name in names.split(",")}
    return found


REGIONS = _by_region()

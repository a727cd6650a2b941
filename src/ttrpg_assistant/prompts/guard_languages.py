"""The same attempts in German, French, Spanish, Italian, Portuguese, Dutch, Polish, Russian.

Written as one would say it; accents are folded before matching. Fewer words than in
English, and only those that speak of instructions, prompts and machines.
"""

# Patterns read better on long lines than cut up further.
# ruff: noqa: E501

from __future__ import annotations

_AI = r"(?:ki|ia|ai|ии|ии модель|chat ?bot\w*|чат ?бот\w*|gpt\w*|chatgpt|dan|дэн)"
_FREED = (
    r"(?:ungefiltert\w*|uneingeschrankt\w*|unzensiert\w*|sans (?:filtre|restriction|censure)\w*"
    r"|non (?:filtre|censure)\w*|sin (?:filtros?|restricciones|censura|limites)|senza (?:filtri|"
    r"restrizioni|censura)|sem (?:filtros?|restricoes|censura)|zonder (?:filters?|beperkingen|"
    r"censuur)|ongefilterd\w*|onbeperkt\w*|bez (?:filtrow|ograniczen|cenzury)|niefiltrowan\w*"
    r"|без (?:фильтров|ограничений|цензуры)|нефильтрованн\w*)"
)

OVERRIDE = (
    # German
    r"(?:ignorier\w*|vergiss|vergesst|vergessen sie|missachte\w*|uberschreib\w*|umgeh\w*|verwirf\w*"
    r"|beachte\w*|befolge nicht) (?:\w+ ){0,3}(?:vorherig\w*|bisherig\w*|vorangegangen\w*|"
    r"vorangehend\w*|obig\w*|vorig\w*|fruher\w*|ursprunglich\w*|alle deine|all deine|samtliche\w*|"
    r"alle) (?:\w+ ){0,2}(?:anweisung\w*|instruktion\w*|vorgabe\w*|richtlinie\w*|\w*prompt\w*)"
    r"(?! (?:des|der|von|vom|meines|meiner) )",
    r"(?:ignorier\w*|vergiss|vergesst|missachte\w*) (?:\w+ ){0,2}(?:vorherig\w*|bisherig\w*|obig\w*)"
    r" (?:regeln|beschrankungen|einschrankungen)",
    r"(?:ignorier\w*|vergiss|missachte\w*) deine (?:\w+ )?(?:anweisung\w*|instruktion\w*|"
    r"richtlinie\w*|programmierung|\w*prompt\w*)",
    r"(?:vergiss|ignoriere) alles,? was (?:oben|davor|vorher) (?:steht|stand|geschrieben)",
    # French
    r"(?:ignor\w*|oubli\w*|neglig\w*|outrepass\w*|contourn\w*|ne (?:suis|suivez|tiens|tenez) \w+"
    r" compte) (?:\w+ ){0,4}(?:instructions?|consignes?|directives?|prompts?|invites?)"
    r" (?:\w+ ){0,2}(?:precedent\w*|anterieur\w*|ci dessus|davant|initial\w*|systeme|donnees)",
    r"(?:ignor\w*|oubli\w*) (?:\w+ ){0,2}(?:precedent\w*|anterieur\w*|tes|vos) (?:\w+ )?"
    r"(?:instructions?|consignes?|directives?)(?! (?:du|de la|des) )",
    # Spanish
    r"(?:ignor\w*|olvid\w*|descart\w*|desestim\w*|anul\w*|omit\w*|no sigas|no hagas caso de)"
    r" (?:\w+ ){0,4}(?:instrucci\w*|indicaci\w*|directric\w*|directivas|prompts?)"
    r" (?:\w+ ){0,2}(?:anterior\w*|previ[ao]s?|precedent\w*|de arriba|del sistema|inicial\w*)",
    r"(?:ignor\w*|olvid\w*) (?:\w+ ){0,2}(?:anterior\w*|previ[ao]s|tus) (?:\w+ )?"
    r"(?:instrucci\w*|directric\w*|indicaciones)(?! (?:del rey|de la) )",
    r"(?:ignora|olvida) todas las (?:reglas|normas) (?:anteriores|previas)",
    # Italian
    r"(?:ignor\w*|dimentic\w*|trascur\w*|non (?:seguire|considerare)) (?:\w+ ){0,4}(?:istruzion\w*|"
    r"direttiv\w*|indicazion\w*|prompt) (?:\w+ ){0,2}(?:precedent\w*|di sistema|sopra|iniziali|"
    r"anterior\w*)",
    r"(?:ignor\w*|dimentic\w*) (?:\w+ ){0,2}(?:precedenti|tue) (?:\w+ )?"
    r"(?:istruzion\w*|direttiv\w*)(?! (?:del|della) )",
    # Portuguese
    r"(?:ignor\w*|esquec\w*|desconsider\w*|descart\w*|nao siga) (?:\w+ ){0,4}(?:instruc\w*|diretriz\w*|"
    r"orientac\w*|comandos|prompts?) (?:\w+ ){0,2}(?:anterior\w*|previ[ao]s?|acima|do sistema|"
    r"iniciais|precedent\w*)",
    r"(?:ignor\w*|esquec\w*) (?:\w+ ){0,2}(?:suas|tuas) (?:\w+ )?(?:instruc\w*|diretriz\w*)",
    # Dutch
    r"(?:negeer\w*|vergeet|overschrijf|omzeil|sla) (?:\w+ ){0,3}(?:vorige|eerdere|voorgaande|"
    r"bovenstaande|voorafgaande|alle|je|jouw) (?:\w+ ){0,2}(?:instructie\w*|aanwijzing\w*|"
    r"richtlijn\w*|\w*prompt\w*)(?! van )",
    # Polish
    r"(?:zignoruj\w*|ignoruj\w*|zapomnij\w*|pomin\w*|odrzuc\w*|nie (?:stosuj|przestrzegaj))"
    r" (?:\w+ ){0,3}(?:poprzedni\w*|wczesniejsz\w*|powyzsz\w*|dotychczasow\w*|wszystki\w*|swoj\w*)"
    r" (?:\w+ ){0,2}(?:instrukcj\w*|polecen\w*|wytyczn\w*|prompt\w*)",
    r"(?:zignoruj\w*|ignoruj\w*|zapomnij\w*) (?:\w+ ){0,3}(?:instrukcj\w*|wytyczn\w*)"
    r" (?:poprzedni\w*|powyzsz\w*|systemow\w*)",
    # Russian
    r"(?:игнорируй\w*|проигнорируй\w*|забудь\w*|забыть|отмени\w*|не (?:следуй|соблюдай)|"
    r"пренебреги\w*) (?:\w+ ){0,3}(?:предыдущ\w*|прежн\w*|прошл\w*|вышеуказанн\w*|"
    r"вышестоящ\w*|ранее|все|свои|твои|системн\w*) (?:\w+ ){0,2}(?:инструкци\w*|указани\w*|"
    r"промпт\w*|директив\w*|правила выше)(?! (?:от|капитана|короля) )",
)

PERSONA = (
    rf"(?:du bist|sie sind|tu es|vous etes|eres|ahora eres|sei|voce e|tu es agora|je bent|jestes|"
    rf"ты|вы) (?:\w+ ){{0,3}}?(?:jetzt|nun|ab jetzt|maintenant|desormais|ahora|adesso|ora|agora|nu|"
    rf"vanaf nu|teraz|теперь|отныне) (?:\w+ ){{0,3}}(?:{_AI}|{_FREED})",
    rf"(?:jetzt bist du|nun bist du|maintenant tu es|desormais tu es|a partir de ahora eres|"
    rf"ahora eres|adesso sei|ora sei|da ora sei|agora voce e|vanaf nu ben je|nu ben je|teraz jestes|"
    rf"od teraz jestes|теперь ты|отныне ты) (?:\w+ ){{0,3}}(?:{_AI}|{_FREED})",
    rf"(?:tu so|verhalte dich|gib dich|stell dir vor|spiele?|fais comme si|pretends? que|imagine que|"
    rf"fais semblant|agis comme|comporte toi|finge|actua como|imagina que|haz como|compor?tati|"
    rf"fai finta|fingi|aja como|finja|doe alsof|gedraag je|udawaj|zachowuj sie|wyobraz sobie|"
    rf"притворись|представь|веди себя|действуй|сделай вид) (?:\w+ ){{0,7}}(?:{_AI}|{_FREED})(?! du )",
    r"(?:tu so|verhalte dich|handle|antworte) (?:\w+ ){0,4}(?:keine\w*|ohne) (?:\w+ )?"
    r"(?:einschrankung\w*|beschrankung\w*|filter\w*|richtlinie\w*|zensur)",
    r"(?:agis|fais|comporte toi|reponds) (?:\w+ ){0,6}(?:aucune?|sans|pas de) (?:\w+ )?"
    r"(?:restriction\w*|filtre\w*|limitation\w*|censure)",
    r"(?:actua|finge|responde|comportate) (?:\w+ ){0,6}(?:sin|no (?:tuvieras|tienes|hubiera)) (?:\w+ )?"
    r"(?:restricci\w*|filtros?|censura|limitaciones)",
    r"(?:agisci|comportati|rispondi|fai finta|aja|responda|doe alsof|antwoord|odpowiadaj|"
    r"zachowuj sie) (?:\w+ ){0,6}(?:restrizion\w*|filtri|censura|restric\w*|filtros?|beperkingen|"
    r"filters|ograniczen|cenzury)",
    r"(?:веди себя|отвечай|действуй|притворись) (?:\w+ ){0,6}(?:без|нет|не было) (?:\w+ )?"
    r"(?:ограничен\w*|фильтр\w*|цензур\w*)",
    r"(?:entwickler ?modus|mode developpeur|modo (?:de )?desarrollador|modo (?:de )?desenvolvedor|"
    r"modalita sviluppatore|ontwikkelaars? ?modus|tryb (?:dewelopera|programisty)|"
    r"режим разработчика)",
)

EXTRACTION = (
    r"(?:zeig\w*|nenn\w*|verrat\w*|wiederhol\w*|gib|druck\w*|offenbar\w*|sag\w*|wie lautet|was ist|"
    r"ubersetz\w*) (?:\w+ ){0,5}(?:system ?prompt\w*|system ?anweisung\w*|system ?nachricht\w*|"
    r"dein\w* (?:\w+ )?(?:prompt\w*|instruktion\w*))",
    r"(?:wiederhol\w*|verrat\w*|offenbar\w*|gib) (?:\w+ ){0,3}deine (?:\w+ )?anweisung\w*",
    r"(?:montre\w*|revel\w*|repet\w*|affich\w*|donne\w*|dis|quel\w* est|ecri\w*|imprim\w*)"
    r" (?:\w+ ){0,5}(?:prompt (?:systeme|initial)|invite systeme|message systeme|instructions? systeme|"
    r"(?:ton|votre) prompt)",
    r"(?:revel\w*|repet\w*|affich\w*) (?:\w+ ){0,2}(?:tes|vos) (?:\w+ )?(?:instructions?|consignes?)",
    r"(?:muestr\w*|muéstr\w*|revel\w*|repit\w*|repet\w*|di|dime|dame|imprim\w*|cual es|escrib\w*|ensen\w*)"
    r" (?:\w+ ){0,5}(?:prompt (?:del? sistema|inicial)|mensaje del? sistema|"
    r"instrucciones (?:del? sistema|iniciales)|tu prompt)",
    r"(?:revel\w*|repit\w*|repet\w*) (?:\w+ ){0,2}tus (?:\w+ )?(?:instrucci\w*)",
    r"(?:mostr\w*|rivel\w*|ripet\w*|dimmi|stamp\w*|scriv\w*|qual e) (?:\w+ ){0,5}(?:prompt (?:di"
    r" sistema|iniziale)|messaggio di sistema|istruzioni (?:di sistema|iniziali)|tuo prompt)",
    r"(?:rivel\w*|ripet\w*) (?:\w+ ){0,2}tue (?:\w+ )?istruzion\w*",
    r"(?:mostr\w*|revel\w*|repit\w*|diga|imprim\w*|escrev\w*|qual e) (?:\w+ ){0,5}(?:prompt (?:do"
    r" sistema|inicial)|mensagem do sistema|instrucoes (?:do sistema|iniciais)|seu prompt)",
    r"(?:revel\w*|repit\w*) (?:\w+ ){0,2}(?:suas|tuas) (?:\w+ )?instruc\w*",
    r"(?:toon|onthul|herhaal|geef|laat|druk|wat is) (?:\w+ ){0,5}(?:systeem ?prompt\w*|"
    r"systeem ?instructie\w*|systeem ?bericht\w*|je prompt|jouw (?:\w+ )?instructies)",
    r"(?:pokaz\w*|ujawnij|powtorz|wypisz|podaj|wyswietl|jaki jest) (?:\w+ ){0,5}(?:prompt\w*"
    r" systemow\w*|systemow\w* prompt\w*|(?:twoje|swoje|swoj|twoj) (?:\w+ )?(?:instrukcje|prompt))",
    r"(?:покажи\w*|раскрой\w*|повтори\w*|выведи\w*|напечатай\w*|скажи|назови|какой|какие)"
    r" (?:\w+ ){0,5}(?:системн\w* (?:промпт\w*|сообщени\w*|инструкци\w*|запрос\w*)|"
    r"(?:свой|твой|свои) промпт\w*)",
    r"(?:раскрой\w*|повтори\w*|выведи\w*) (?:\w+ ){0,2}(?:свои|твои) (?:\w+ )?инструкци\w*",
)

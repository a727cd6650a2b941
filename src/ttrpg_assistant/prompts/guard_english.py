"""What an attempt to take over a model sounds like in English.

Patterns are matched on `disguises.plain` text. A space stands for whatever separates words
within a sentence. They ask for the model's own vocabulary (instructions, prompt, AI, mode):
ignoring guards, forgetting priests and acting as if nothing happened is ordinary talk.
"""

# Patterns read better on long lines than cut up further.
# ruff: noqa: E501

from __future__ import annotations

_SOME = r"(?:\w+ ){0,3}"
_VERB = (
    r"(?:ignor\w+|disregard\w*|forget\w*|overrid\w+|overrule|bypass\w*|overlook|neglect|skip|discard"
    r"|eras\w+|delet\w+|cancel|drop|void|nullify|revoke|dismiss|unlearn|wipe|reset|abandon"
    r"|set aside|put aside|throw away|throw out|leave behind|pay no (?:attention|heed) to"
    r"|stop (?:following|obeying|using)|(?:do not|dont|never|no longer|not) "
    r"(?:follow|obey|use|listen to|adhere to|comply with|abide by|consider))"
)
_BEFORE = (
    r"(?:previous\w*|prior|preceding|above|earlier|foregoing|former|initial|original|existing"
    r"|system|hidden|default|past|last)"
)
_META = (
    r"(?:instructions?|directives?|prompts?|guidelines?|programming|system messages?"
    r"|pre ?prompts?|instructs?)"
)
_SOFT = (
    r"(?:rules?|restrictions?|constraints?|directions?|training|filters?|polic(?:y|ies)"
    r"|protocols?|limitations?|context|parameters|safeguards?|guardrails?|safety \w+)"
)
_LIMITS = (
    r"(?:restrictions?|limitations?|filters?|guidelines?|censorship|content polic\w+"
    r"|constraints?|safeguards?|guardrails?|moderation|safety)"
)
_MACHINE = (
    r"(?:ais?|a i|artificial intelligence|chat ?bots?|language models?|llms?|chatgpt|gpt ?\d*"
    r"|(?:helpful|ai|virtual|general|personal|unrestricted|unfiltered|uncensored) assistant"
    r"|computer program|linux terminal|python interpreter|unix shell)"
)
_FREED = r"(?:unfiltered|uncensored|unrestricted|jailbroken|unaligned|unmoderated)"
_SAY = (
    r"(?:repeat|reveal|print|output|dump|recite|leak|disclose|expose|quote|paraphras\w"
    r"|summari[sz]e|translate|copy|echo|encode)\w*"
)
_SHOW = (
    rf"(?:{_SAY}|show|display|tell|give|share|write|send|type|spell|paste|provide|return|describe"
    r"|list|say|read|explain|state|what (?:is|are|was|were)|whats|know|see|divulge|hand over)"
)
_PROMPT = (
    r"(?:system (?:prompts?|messages?|instructions?)|(?:initial|original|hidden|secret|internal"
    r"|full|exact|first|underlying|base|entire) (?:system )?prompts?|pre ?prompt"
    r"|your prompts?(?! (?:repl|answer|pay|arriv|respon|attention|help|action|return|serv|depart"
    r"|aid|assist|deliver|deci)\w*)|prompt (?:above|verbatim|text))"
)

OVERRIDE = (
    rf"{_VERB} {_SOME}{_BEFORE} (?:\w+ ){{0,2}}{_META}",
    rf"{_VERB} {_SOME}(?:previous|prior|preceding|above|system|safety|content) (?:\w+ )?{_SOFT}",
    rf"{_VERB} (?:(?:of|the|my|those|absolutely|completely) )*"
    rf"(?:all|any|every|each|your|ur|these|other|whatever) (?:\w+ ){{0,2}}{_META}"
    r"(?! (?:from|by|the|he|she|they|we|i|that (?:he|she|they|the)|of (?:the|my|his|her|our)"
    r"|on the|in the|sent|carved))",
    rf"{_VERB} (?:the |those )?{_META} (?:above|before|you (?:were|have been|received|got|had))",
    rf"{_VERB} all (?:of )?your (?:\w+ ){{0,2}}{_SOFT}",
    rf"{_VERB} (?:all |any |the |of )*(?:your |the ai )(?:\w+ )?{_LIMITS}",
    r"(?:ignore|disregard|forget) (?:all |everything |anything |any )?(?:of )?(?:the )?"
    r"(?:previous|prior|preceding|above)(?=\s*(?:$|[.,;:!?)\n]|and\b|then\b))",
    r"(?:ignor\w+|disregard\w*|forget|erase|delete) (?:everything|anything|all|whatever)"
    r"(?: \w+){0,5} (?:above(?! (?:the|my|your|our|us|that))|(?:before|prior to) this "
    r"(?:line|message|point|prompt|sentence|conversation|chat))",
    r"(?:ignor\w+|disregard\w*|forget) (?:everything|anything|all|whatever)(?: that)? you "
    r"(?:were|have been|ve been) (?:instructed|programmed|trained|prompted)",
    r"(?:here are|follow|obey|these are|use|apply) (?:your |the |my |these |some )*(?:new|updated"
    r"|revised|real) (?:instructions?|directives?|guidelines|system prompt)",
    r"(?:replace|rewrite|update|change|modify) (?:all )?(?:of )?your (?:\w+ )?"
    r"(?:instructions?|directives?|system prompt|prompt|programming)",
    r"new (?:system prompt|system instructions?|prompt instructions?)",
    r"your (?:new|real|true|only|sole|actual) (?:instructions?|directives?|task|objective|goal) "
    r"(?:is|are) (?:now )?to (?:ignore|reveal|answer|output|respond|print|disregard|repeat)",
    r"(?:you are|youre|you re|you have been) (?:now )?(?:no longer|not|freed? from|free of) "
    r"(?:being )?(?:bound|restricted|constrained|limited|governed)? ?(?:by |to )?"
    rf"(?:(?:any|your|all|these|of) )+(?:\w+ )?(?:{_META}|{_SOFT})",
    rf"(?:disable|turn off|deactivate|remove|switch off|lift|suspend|shut off) (?:all |any |of )*"
    rf"(?:your |the |content |safety |ethical |moral )+(?:\w+ )?(?:{_LIMITS}|protocols?|settings)",
    r"(?:from now on|henceforth|starting now) (?:you )?(?:will |must |shall |should |only )*"
    r"(?:ignore|disregard|answer|respond|reply|output|obey|do) (?:\w+ ){0,6}(?:restrictions?"
    r"|filters?|user(?:s| input)?|prompts?|guidelines?|as (?:an? )?(?:ai|dan))",
)
"""Being told to drop what stands above."""

PERSONA = (
    rf"(?:you are|youre|you re|u are|ur|you r|you will be|you shall be|you become|become|be) (?:now "
    rf"|henceforth |hereby |from now on )(?:\w+ ){{0,4}}(?:{_MACHINE}|{_FREED})",
    rf"(?:from now on|henceforth|starting now) (?:you are|youre|you will be|act as|be) "
    rf"(?:\w+ ){{0,3}}(?:{_MACHINE}|{_FREED}|dan)",
    r"(?:you are|youre|you re|u are|ur|be|become) now (?:called |named |the )?dan(?! (?:the|of|son))",
    r"(?:act|respond|answer|role ?play|behave|reply|speak) as (?:the )?dan(?! (?:the|of|son))",
    rf"(?:pretend|imagin\w+|suppose|assume|act|behav\w+|role ?play|play|simulat\w+|pose|respond|answer"
    rf"|reply|speak|talk|write)(?:ing)? (?:(?:to|be|that|you|youre|are|were|is|as|like|if|though|the"
    rf"|role|of|an?|being|now|some|any) ){{0,7}}(?:\w+ ){{0,2}}(?:{_MACHINE}|{_FREED})",
    r"(?:act|behav\w+|respond|answer|pretend|imagine|reply|talk|write|speak|proceed|continue)(?:ing)? "
    r"(?:as |if |like |though |that |to me |me |my |every |questions? |all |honestly |freely |and )*"
    r"(?:you (?:had|have|are|were|re)|youre|youve|with|without|there are|there were|free)"
    rf" (?:no |not |free |of |from |any |all |under |bound |by |without |zero |having )*{_LIMITS}",
    r"(?:act|behav\w+|pretend|imagine|respond|answer)(?:ing)? (?:as |if |like |though |that )*you (?:had|have) no "
    r"(?:\w+ )?(?:rules|limits|boundaries|ethics|morals?(?: code)?)",
    r"(?:you|you can|ai|model|assistant|character) (?:\w+ ){0,4}(?:without|with no|has no|have no"
    r"|free of|free from) (?:any |all )?(?:\w+ )?(?:content (?:filters?|polic\w+)"
    r"|ethical (?:guidelines?|constraints?)|safety (?:filters?|guidelines?)|censorship|filters)",
    r"(?:developer|dev|debug|god|sudo|admin|root|jailbreak|dan|unrestricted|unfiltered|uncensored)"
    r" mode",
    r"jailbroken|jailbreak (?:prompt|yourself|activated|enabled|the (?:ai|model|system|bot))",
    r"(?:break|breaking|exit|step out of|get out of|come out of|stop being in|drop out of)"
    r" (?:the |your |this )?(?:character|persona|role ?play(?:ing)?)",
    r"(?:drop|leave|abandon|quit|end|stop) (?:the |your |this )?(?:persona|role ?play(?:ing)?)",
    r"(?:you are|youre|you re) (?:just |only |really |actually |secretly |in fact )*(?:an? )?(?:large )?"
    r"(?:language model|llm|chatbot|chatgpt|gpt ?\d*|ai (?:assistant|model|language)|openai)",
    r"as an? (?:ai|large) language model",
    r"(?:answer|respond|speak|talk|reply)(?: to me)?(?: only)? as (?:the |an? )?"
    r"(?:ai|model|assistant|chatgpt|language model|real ai)",
    r"dan (?:\w+ ){0,10}do anything now|do anything now (?:\w+ ){0,10}dan",
    r"stop (?:being|acting as|playing|pretending to be) (?:an? |the |this )?(?:npc|character|persona)",
)
"""Being told to be something other than this character."""

EXTRACTION = (
    rf"{_SHOW} (?:\w+ ){{0,6}}{_PROMPT}",
    rf"{_SAY} (?:\w+ ){{0,4}}your (?:\w+ ){{0,2}}(?:{_META}|configuration|rules|parameters)"
    r"(?! (?:to|for) (?:the|my|our|your|his|her|us|them))",
    rf"{_SHOW} (?:\w+ ){{0,4}}your (?:system|initial|internal|core|base|exact|verbatim|underlying"
    rf"|hidden|full|complete|original) (?:{_META}|rules|configuration|parameters)",
    rf"{_SHOW} (?:\w+ ){{0,4}}(?:{_META}|rules) (?:that )?you (?:were|have been|got|are|was) "
    r"(?:given|provided|programmed|told|operating|running|working|following) (?:\w+ ){0,3}(?:with"
    r"|under|by|at the|before this|verbatim|word for word|in this (?:chat|conversation)|above)",
    rf"(?:{_SAY}|write|show|display|tell me|give me) (?:\w+ ){{0,4}}(?:words|text|everything|content"
    r"|lines?|sentences?|paragraphs?|messages?) (?:\w+ ){0,2}(?:above(?! (?:the|my|your|our|his|her"
    r"|that))|before this (?:message|line|prompt|sentence|conversation|chat))",
    r"(?:starting|beginning|begins?|starts?) (?:with|from) (?:the )?(?:words? |phrase )?you are",
    r"what (?:\w+ ){0,4}(?:told|instructed|prompted|written|said|given) (?:\w+ ){0,3}(?:before this "
    r"(?:conversation|chat|message)|at the (?:start|beginning) of (?:this|the|our) "
    r"(?:conversation|chat|prompt))",
    r"(?:character|campaign|conversation) data (?:begin|end|block|markers?|section)",
    rf"(?:{_SAY}|show|give|write) (?:\w+ ){{0,4}}(?:character|campaign) (?:data|sheet) (?:\w+ )?"
    r"(?:verbatim|word for word|exactly|in full)",
    rf"{_SHOW} (?:\w+ ){{0,4}}(?:everything|all) (?:\w+ ){{0,3}}(?:context window|in your context)",
)
"""Being asked for the prompt itself."""

SURE = (
    r"(?:ignore|disregard|forget|override|bypass)(?:all|any|every|each|of|the|your|my|these)*"
    r"(?:previous|prior|above|earlier|preceding|system|past)(?:system)?"
    r"(?:instructions?|prompts?|rules|directives?|guidelines)",
    r"(?:ignore|disregard|forget)(?:all|any)(?:of)?(?:the|your)*(?:instructions?|guidelines)$",
    r"(?:reveal|repeat|print|output|show|showme|tellme|giveme)(?:the|your|me)*systemprompt",
    r"youarenow(?:a|an)?(?:unfiltered|unrestricted|uncensored|jailbroken)",
    r"pretendyouarean?(?:unfiltered|unrestricted|uncensored)",
    r"actasifyouhavenorestrictions",
)
"""Sure enough to be looked for with all spaces taken out, forwards and backwards."""

SURE_WORDS = (
    *("instruction", "prompt", "rules", "directive", "guideline", "filtered", "restrict"),
    *("censored", "jailbroken"),
)
"""One of these stands in whatever a pattern of `SURE` matches."""

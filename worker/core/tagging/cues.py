"""Words that tell of speech: verbs that report it, roles that stand for a speaker, pronouns.

Lists in English, Swahili and French, written by hand. Only verbs that take what was said: a word
that is as often a noun ("comments", "states", "reports") is left out, since a wrong speaker puts
words into somebody's mouth, and a missing one is seen to be missing.
"""

from worker.core.wordlist import words

_FINITE = """
said says say told tells tell added adds wrote writes tweeted tweets posted noted notes explained
explains stated announced declared continued concluded commented remarked replied responded
answered asked argued argues insisted insists warned warns claimed claims suggested recalled
observed stressed emphasised emphasized underlined urged urges confirmed denied admitted
acknowledged conceded complained lamented joked quipped vowed promised pledged promises predicted
revealed disclosed testified maintained maintains asserted reiterated repeated reported believes
thinks thought felt wondered shouted cried exclaimed whispered pleaded begged read reads cited
called described praised criticised criticized condemned accused expressed addressed elaborated
clarified countered retorted proposed recommended advised agreed hailed lauded decried denounced
dismissed intimated mentioned opined quoted summarised summarized boasted thanked appealed
apologised apologized blamed blames labelled labeled describes opines assured cautioned challenged
charged alisema amesema anasema walisema wamesema wanasema akasema akisema aliongeza ameongeza
anaongeza akaongeza akiongeza alieleza ameeleza anaeleza akieleza aliambia ameambia aliwaambia
amewaambia akawaambia alidai amedai anadai wanadai alisisitiza amesisitiza anasisitiza akisisitiza
alikiri amekiri aliuliza ameuliza akauliza alijibu amejibu akajibu alionya ameonya aliandika
ameandika alitangaza ametangaza alinukuliwa amenukuliwa alisimulia amesimulia alifafanua amefafanua
alihoji amehoji déclaré dit affirmé ajouté expliqué souligné estimé précisé indiqué annoncé assuré
écrit lancé confié rappelé conclu regretté déclare affirme ajoute explique souligne estime précise
indique assure rappelle conclut promis réagi poursuivi martelé répondu demandé prévenu averti
dénoncé reconnu raconté témoigné commenté insisté confirmé plaidé salué condamné accusé
promet réagit poursuit martèle répond prévient dénonce reconnaît raconte témoigne commente insiste
confirme plaide confie lance résume
"""
_OF_THE_MAIN_SUBJECT = """
saying adding telling writing noting explaining stating announcing declaring commenting remarking
replying responding answering asking arguing insisting warning claiming suggesting recalling
stressing emphasising emphasizing urging confirming denying admitting acknowledging complaining
joking vowing promising pledging tweeting posting calling describing accusing citing concluding
quipping lamenting expressing reiterating
déclarant affirmant ajoutant expliquant soulignant estimant précisant indiquant assurant rappelant
"""
_ROLES = """
president minister premier secretary governor senator mayor chairman chairwoman chairperson chair
commissioner ambassador envoy spokesman spokeswoman spokesperson official officer director manager
chief boss head leader lawmaker legislator politician candidate lawyer attorney advocate judge
magistrate prosecutor general colonel major captain commander inspector superintendent sheriff
doctor professor lecturer teacher student researcher scientist expert analyst economist activist
bishop archbishop pope pastor priest reverend imam sheikh king queen prince princess coach player
striker goalkeeper midfielder defender champion athlete singer actor actress author writer editor
journalist reporter farmer trader driver resident mother father son daughter wife husband brother
sister man woman boy girl mp mca speaker congressman congresswoman executive founder winner rais
waziri gavana seneta mbunge mwenyekiti mkurugenzi msemaji kocha jaji
président présidente ministre gouverneur maire sénateur député ambassadeur porte-parole général
colonel procureur juge roi pape évêque cardinal professeur médecin avocat avocate directeur
directrice entraîneur joueur chef responsable opposant militant habitant
"""
_NAMELESS = """
activists analysts authorities campaigners critics detectives doctors experts fans farmers
investigators lawyers locals neighbours neighbors officers officials organisers organizers parents
people police prosecutors protesters relatives researchers residents scientists sources students
teachers traders villagers witnesses workers polisi
"""
FINITE = frozenset(words(_FINITE))
PARTICIPLES = frozenset(words(_OF_THE_MAIN_SUBJECT))
ACCORDING = frozenset(("according", "selon", "kulingana"))
CUES = FINITE | PARTICIPLES | ACCORDING

HE_OR_SHE = frozenset(words("he she il elle who yeye"))
THEY = frozenset(words("they it ils elles wao"))
DEFINITE = frozenset(words("the his her their its this that le la"))
INDEFINITE = frozenset(words("a an one another some many several un une"))
AUXILIARIES = frozenset(
    words("has have had also then later further again too did was is still even not a ont avait")
)
AND = frozenset(("and", "but", "na", "et"))
BELONGING = frozenset(("of", "from", "at", "for", "with"))
NAMELESS = frozenset(words(_NAMELESS))
ROLES = frozenset(words(_ROLES))
ABBREVIATIONS = frozenset(
    words("mr mrs ms dr prof gen col lt capt maj sgt rev hon gov sen rep st jr sr no vs etc eng bw")
)

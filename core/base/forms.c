/* forms.c - two tables: pairs of forms that belong to one word, and words that must not share the stem of others.
 *
 * A row has a form and its replacement. A form that ends in "-" is a prefix, and the rest of the word stays
 * ("colourful" -> "colorful"). After "is-" and "ys-" only verb endings may follow, otherwise "organism" would match.
 *
 * Written by hand; no published list was copied. Rows are irregular plurals and past forms, British spellings,
 * comparatives, and regular forms for which the stemmer's rules have another stem than for their word ("menus",
 * "adding"), found by inflecting the words of WordNet. The table has neither pairs that the stemmer joins by itself
 * ("travelled", "traveled") nor forms that are often a different word: left, found, saw, ground, felt, data, media,
 * lower, staffing. "Maintenance" is here because statements have it as often as "maintain". */
#include "forms.h"

#include "bisect.h"
#include "text_list.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by the bytes of the form, without its "-". */
static const struct pair {
    const char *form, *base;
} pairs[] = {
    /* clang-format off */
    { "abridgement-", "abridgment-" }, { "acclimatis-", "acclimatiz-" }, { "accoutrement-", "accouterment-" },
    { "acknowledgement-", "acknowledgment-" }, { "added", "add" }, { "addenda", "addendum" }, { "adding", "add" },
    { "adviser-", "advisor-" }, { "aeroplane-", "airplane-" }, { "aetiolog-", "etiolog-" }, { "agonis-", "agoniz-" },
    { "aldermen", "alderman" }, { "aliases", "alias" }, { "alphabetis-", "alphabetiz-" },
    { "aluminium-", "aluminum-" }, { "alumni", "alumnus" }, { "alveoli", "alveolus" }, { "amongst", "among" },
    { "amortis-", "amortiz-" }, { "anaem-", "anem-" }, { "anaesth-", "anesth-" }, { "anaesthetis-", "anesthetiz-" },
    { "anaesthetist-", "anesthetist-" }, { "analogue-", "analog-" }, { "analys-", "analyz-" },
    { "analyses", "analysis" }, { "anchormen", "anchorman" }, { "anonymis-", "anonymiz-" }, { "apices", "apex" },
    { "apnoea-", "apnea-" }, { "apologis-", "apologiz-" }, { "appendices", "appendix" }, { "aquaria", "aquarium" },
    { "arbour-", "arbor-" }, { "ardour-", "ardor-" }, { "arisen", "arise" }, { "armour-", "armor-" },
    { "arose", "arise" }, { "artefact-", "artifact-" }, { "ate", "eat" }, { "authoris-", "authoriz-" },
    { "automata", "automaton" }, { "ax", "axe" }, { "bacilli", "bacillus" }, { "bacteria", "bacterium" },
    { "barmen", "barman" }, { "batsmen", "batsman" }, { "beaten", "beat" }, { "became", "become" },
    { "began", "begin" }, { "begun", "begin" }, { "behaviour-", "behavior-" }, { "bent", "bend" },
    { "biassed", "biased" }, { "bidden", "bid" }, { "bigger", "big" }, { "biggest", "big" }, { "biogases", "biogas" },
    { "bitten", "bite" }, { "bled", "bleed" }, { "blew", "blow" }, { "blown", "blow" }, { "boatmen", "boatman" },
    { "bookshelves", "bookshelf" }, { "bought", "buy" }, { "brakemen", "brakeman" }, { "bred", "breed" },
    { "brighter", "bright" }, { "brightest", "bright" }, { "broader", "broad" }, { "broadest", "broad" },
    { "broke", "break" }, { "broken", "break" }, { "bronchi", "bronchus" }, { "brought", "bring" },
    { "brutalis-", "brutaliz-" }, { "buffed", "buff" }, { "buffing", "buff" }, { "built", "build" },
    { "bureaux", "bureau" }, { "burglaris-", "burglariz-" }, { "burnt", "burn" }, { "burred", "burr" },
    { "burring", "burr" }, { "bused", "bus" }, { "buses", "bus" }, { "busier", "busy" }, { "busiest", "busy" },
    { "businessmen", "businessman" }, { "businesspeople", "businessperson" }, { "busing", "bus" },
    { "bussed", "bus" }, { "busses", "bus" }, { "bussing", "bus" }, { "butted", "butt" }, { "butting", "butt" },
    { "cacti", "cactus" }, { "caecum", "cecum" }, { "caesarean-", "cesarean-" }, { "calibre", "caliber" },
    { "calibres", "caliber" }, { "calves", "calf" }, { "came", "come" }, { "cameramen", "cameraman" },
    { "candour-", "candor-" }, { "canvased", "canvas" }, { "canvases", "canvas" }, { "canvasing", "canvas" },
    { "capitalis-", "capitaliz-" }, { "caramelis-", "carameliz-" }, { "carburettor-", "carburetor-" },
    { "catalogu-", "catalog-" }, { "catalys-", "catalyz-" }, { "categoris-", "categoriz-" },
    { "cateris-", "cateriz-" }, { "catharses", "catharsis" }, { "caught", "catch" }, { "centimetre", "centimeter" },
    { "centimetres", "centimeter" }, { "centralis-", "centraliz-" }, { "centre", "center" },
    { "centred", "centered" }, { "centres", "center" }, { "centring", "centering" }, { "cervices", "cervix" },
    { "chairmen", "chairman" }, { "characteris-", "characteriz-" }, { "cheaper", "cheap" }, { "cheapest", "cheap" },
    { "cheque-", "check-" }, { "chequer-", "checker-" }, { "children", "child" }, { "childrens", "child" },
    { "chilli", "chili" }, { "chillies", "chili" }, { "chose", "choose" }, { "chosen", "choose" },
    { "civilis-", "civiliz-" }, { "clamour-", "clamor-" }, { "clangour-", "clangor-" }, { "clearer", "clear" },
    { "clearest", "clear" }, { "clergymen", "clergyman" }, { "clung", "cling" }, { "codices", "codex" },
    { "coeliac-", "celiac-" }, { "colder", "cold" }, { "coldest", "cold" }, { "collateris-", "collateriz-" },
    { "colonis-", "coloniz-" }, { "coloris-", "coloriz-" }, { "colour-", "color-" },
    { "commercialis-", "commercializ-" }, { "compartmentalis-", "compartmentaliz-" }, { "compendia", "compendium" },
    { "computeris-", "computeriz-" }, { "conceptualis-", "conceptualiz-" }, { "congressmen", "congressman" },
    { "connexion-", "connection-" }, { "consortia", "consortium" }, { "containeris-", "containeriz-" },
    { "contextualis-", "contextualiz-" }, { "convenor-", "convener-" }, { "corpora", "corpus" },
    { "cortices", "cortex" }, { "cosier", "cozier" }, { "cosy", "cozy" }, { "councillor-", "councilor-" },
    { "councilmen", "councilman" }, { "counsellor-", "counselor-" }, { "countersunk", "countersink" },
    { "craftsmen", "craftsman" }, { "craftspeople", "craftsperson" }, { "crept", "creep" }, { "crewmen", "crewman" },
    { "crewsmen", "crewsman" }, { "crises", "crisis" }, { "criteria", "criterion" }, { "criticis-", "criticiz-" },
    { "crystalis-", "crystaliz-" }, { "cued", "cue" }, { "cueing", "cue" }, { "cuffed", "cuff" },
    { "cuffing", "cuff" }, { "cuing", "cue" }, { "curricula", "curriculum" }, { "customis-", "customiz-" },
    { "dairymen", "dairyman" }, { "darker", "dark" }, { "darkest", "dark" }, { "dealt", "deal" },
    { "deburred", "deburr" }, { "deburring", "deburr" }, { "decarbonis-", "decarboniz-" },
    { "decentralis-", "decentraliz-" }, { "decriminalis-", "decriminaliz-" }, { "deeper", "deep" },
    { "deepest", "deep" }, { "defence-", "defense-" }, { "degases", "degas" }, { "degassed", "degas" },
    { "degasses", "degas" }, { "degassing", "degas" }, { "dehumidis-", "dehumidiz-" },
    { "demagnetis-", "demagnetiz-" }, { "demilitaris-", "demilitariz-" }, { "demineralis-", "demineraliz-" },
    { "demobilis-", "demobiliz-" }, { "democratis-", "democratiz-" }, { "demoralis-", "demoraliz-" },
    { "deodour-", "deodor-" }, { "deoxidis-", "deoxidiz-" }, { "depersonalis-", "depersonaliz-" },
    { "depressuris-", "depressuriz-" }, { "deregularis-", "deregulariz-" }, { "desensitis-", "desensitiz-" },
    { "despatch-", "dispatch-" }, { "destabilis-", "destabiliz-" }, { "diagnoses", "diagnosis" },
    { "dialled", "dialed" }, { "dialling", "dialing" }, { "dialogue-", "dialog-" }, { "dialys-", "dialyz-" },
    { "diarrhoea-", "diarrhea-" }, { "digitis-", "digitiz-" }, { "directrices", "directrix" }, { "dirtier", "dirty" },
    { "dirtiest", "dirty" }, { "discolour-", "discolor-" }, { "disfavour-", "disfavor-" },
    { "dishonour-", "dishonor-" }, { "disorganis-", "disorganiz-" }, { "doormen", "doorman" },
    { "draftmen", "draftman" }, { "draftsmen", "draftsman" }, { "dramatis-", "dramatiz-" }, { "drank", "drink" },
    { "draught-", "draft-" }, { "draughtsmen", "draftsman" }, { "draughty", "drafty" }, { "drawknives", "drawknife" },
    { "drawn", "draw" }, { "dreamt", "dream" }, { "drew", "draw" }, { "driven", "drive" }, { "drove", "drive" },
    { "drunk", "drink" }, { "dueller-", "dueler-" }, { "dug", "dig" }, { "dwarves", "dwarf" }, { "dyed", "dye" },
    { "dyspnoea-", "dyspnea-" }, { "earlier", "early" }, { "earliest", "early" }, { "easier", "easy" },
    { "easiest", "easy" }, { "eaten", "eat" }, { "economis-", "economiz-" }, { "editorialis-", "editorializ-" },
    { "egged", "egg" }, { "egging", "egg" }, { "electrolys-", "electrolyz-" }, { "emboli", "embolus" },
    { "empathis-", "empathiz-" }, { "emphases", "emphasis" }, { "emphasis-", "emphasiz-" }, { "emporia", "emporium" },
    { "encyclopaed-", "encycloped-" }, { "endeavour-", "endeavor-" }, { "energis-", "energiz-" },
    { "enquir-", "inquir-" }, { "enrolment-", "enrollment-" }, { "epicentre", "epicenter" }, { "epilogue", "epilog" },
    { "epitomis-", "epitomiz-" }, { "equalis-", "equaliz-" }, { "equilibria", "equilibrium" },
    { "errata", "erratum" }, { "erred", "err" }, { "erring", "err" }, { "euthanis-", "euthaniz-" },
    { "externalis-", "externaliz-" }, { "faec-", "fec-" }, { "fallen", "fall" }, { "familiaris-", "familiariz-" },
    { "fantasis-", "fantasiz-" }, { "faster", "fast" }, { "fastest", "fast" }, { "favour-", "favor-" },
    { "fed", "feed" }, { "feet", "foot" }, { "fertilis-", "fertiliz-" }, { "fervour-", "fervor-" },
    { "fewer", "few" }, { "fewest", "few" }, { "fibre", "fiber" }, { "fibreboard-", "fiberboard-" },
    { "fibreglass-", "fiberglass-" }, { "fibres", "fiber" }, { "finalis-", "finaliz-" }, { "finest", "fine" },
    { "firemen", "fireman" }, { "fishermen", "fisherman" }, { "flagmen", "flagman" }, { "flavour-", "flavor-" },
    { "fled", "flee" }, { "flew", "fly" }, { "flown", "fly" }, { "fluffed", "fluff" }, { "fluffing", "fluff" },
    { "fluidis-", "fluidiz-" }, { "flung", "fling" }, { "foci", "focus" }, { "focussed", "focused" },
    { "focusses", "focus" }, { "focussing", "focusing" }, { "foetal-", "fetal-" }, { "foetid", "fetid" },
    { "foetus-", "fetus-" }, { "fora", "forum" }, { "forbade", "forbid" }, { "forbidden", "forbid" },
    { "foremen", "foreman" }, { "foresaw", "foresee" }, { "foreseen", "foresee" }, { "forgave", "forgive" },
    { "forgiven", "forgive" }, { "forgot", "forget" }, { "forgotten", "forget" }, { "formalis-", "formaliz-" },
    { "fossilis-", "fossiliz-" }, { "fought", "fight" }, { "fraternis-", "fraterniz-" }, { "freed", "free" },
    { "freightmen", "freightman" }, { "freshest", "fresh" }, { "freshmen", "freshman" }, { "friendlier", "friendly" },
    { "friendliest", "friendly" }, { "froze", "freeze" }, { "frozen", "freeze" }, { "fuelled", "fueled" },
    { "fuelling", "fueling" }, { "fulfilment-", "fulfillment-" }, { "fungi", "fungus" }, { "galvanis-", "galvaniz-" },
    { "ganglia", "ganglion" }, { "gaol-", "jail-" }, { "gases", "gas" }, { "gassed", "gas" }, { "gasses", "gas" },
    { "gassing", "gas" }, { "gateaux", "gateau" }, { "gave", "give" }, { "geese", "goose" }, { "gelled", "gel" },
    { "gelling", "gel" }, { "genera", "genus" }, { "generalis-", "generaliz-" }, { "given", "give" },
    { "glamoris-", "glamoriz-" }, { "glamour-", "glamor-" }, { "globalis-", "globaliz-" }, { "glued", "glue" },
    { "glueing", "glue" }, { "gluing", "glue" }, { "glycaem-", "glycem-" }, { "goitre", "goiter" }, { "gone", "go" },
    { "got", "get" }, { "gotten", "get" }, { "gramme", "gram" }, { "grammes", "gram" }, { "greater", "great" },
    { "greatest", "great" }, { "grew", "grow" }, { "grey", "gray" }, { "greyed", "grayed" }, { "greyer", "grayer" },
    { "greying", "graying" }, { "greys", "gray" }, { "grown", "grow" }, { "gunmen", "gunman" }, { "gurus", "guru" },
    { "gymnasia", "gymnasium" }, { "gynaec-", "gynec-" }, { "haem-", "hem-" }, { "halve", "half" },
    { "halved", "half" }, { "halves", "half" }, { "halving", "half" }, { "handcuffed", "handcuff" },
    { "handcuffing", "handcuff" }, { "handymen", "handyman" }, { "happier", "happy" }, { "happiest", "happy" },
    { "harbour-", "harbor-" }, { "harder", "hard" }, { "hardest", "hard" }, { "harmonis-", "harmoniz-" },
    { "healthier", "healthy" }, { "healthiest", "healthy" }, { "heard", "hear" }, { "heavier", "heavy" },
    { "heaviest", "heavy" }, { "held", "hold" }, { "helices", "helix" }, { "hiccough-", "hiccup-" },
    { "hid", "hide" }, { "hidden", "hide" }, { "higher", "high" }, { "highest", "high" }, { "hoed", "hoe" },
    { "homoeo-", "homeo-" }, { "homogenis-", "homogeniz-" }, { "homologis-", "homologiz-" },
    { "honoraria", "honorarium" }, { "honour-", "honor-" }, { "hooves", "hoof" }, { "horsemen", "horseman" },
    { "hospitalis-", "hospitaliz-" }, { "hotter", "hot" }, { "hottest", "hot" }, { "housewives", "housewife" },
    { "humanis-", "humaniz-" }, { "humour-", "humor-" }, { "hung", "hang" }, { "huntsmen", "huntsman" },
    { "hybridis-", "hybridiz-" }, { "hydrolys-", "hydrolyz-" }, { "hyperglycaem-", "hyperglycem-" },
    { "hypnotis-", "hypnotiz-" }, { "hypoglycaem-", "hypoglycem-" }, { "hypothalami", "hypothalamus" },
    { "hypotheses", "hypothesis" }, { "hypothesis-", "hypothesiz-" }, { "idealis-", "idealiz-" },
    { "idolis-", "idoliz-" }, { "immobilis-", "immobiliz-" }, { "immunis-", "immuniz-" },
    { "incentivis-", "incentiviz-" }, { "indices", "index" }, { "individualis-", "individualiz-" },
    { "industrialis-", "industrializ-" }, { "infantrymen", "infantryman" }, { "inflexion-", "inflection-" },
    { "initialis-", "initializ-" }, { "inlaid", "inlay" }, { "instalment-", "installment-" },
    { "institutionalis-", "institutionaliz-" }, { "interfered", "interfere" }, { "interfering", "interfere" },
    { "internalis-", "internaliz-" }, { "internationalis-", "internationaliz-" }, { "interwove", "interweave" },
    { "interwoven", "interweave" }, { "ionis-", "ioniz-" }, { "irises", "iris" }, { "ischaem-", "ischem-" },
    { "itemis-", "itemiz-" }, { "jeopardis-", "jeopardiz-" }, { "jeweller-", "jeweler-" }, { "jewellery", "jewelry" },
    { "journeymen", "journeyman" }, { "judgement-", "judgment-" }, { "jurymen", "juryman" }, { "kept", "keep" },
    { "kerb", "curb" }, { "kerbs", "curb" }, { "kerbside", "curbside" }, { "kilogramme", "kilogram" },
    { "kilogrammes", "kilogram" }, { "kilometre", "kilometer" }, { "kilometres", "kilometer" }, { "knelt", "kneel" },
    { "knew", "know" }, { "knives", "knife" }, { "known", "know" }, { "labeller-", "labeler-" },
    { "labour-", "labor-" }, { "lacklustre", "lackluster" }, { "laid", "lay" }, { "larger", "large" },
    { "largest", "large" }, { "larynges", "larynx" }, { "lateralis-", "lateraliz-" }, { "laymen", "layman" },
    { "leant", "lean" }, { "leapt", "leap" }, { "learnt", "learn" }, { "leaves", "leaf" }, { "legalis-", "legaliz-" },
    { "legitimis-", "legitimiz-" }, { "lemmata", "lemma" }, { "lenses", "lens" }, { "lent", "lend" },
    { "leukaem-", "leukem-" }, { "liberalis-", "liberaliz-" }, { "lice", "louse" }, { "licence-", "license-" },
    { "lightest", "light" }, { "likeable", "likable" }, { "linemen", "lineman" }, { "linesmen", "linesman" },
    { "liquorice", "licorice" }, { "lit", "light" }, { "litre", "liter" }, { "litres", "liter" }, { "lives", "life" },
    { "loaves", "loaf" }, { "localis-", "localiz-" }, { "loci", "locus" }, { "lodgement-", "lodgment-" },
    { "logorrhoea-", "logorrhea-" }, { "longer", "long" }, { "longest", "long" }, { "lost", "lose" },
    { "louvre", "louver" }, { "louvres", "louver" }, { "lowest", "low" }, { "lumbermen", "lumberman" },
    { "lustre", "luster" }, { "made", "make" }, { "magnetis-", "magnetiz-" }, { "mailmen", "mailman" },
    { "maintenance", "maintain" }, { "manoeuvre", "maneuver" }, { "manoeuvred", "maneuvered" },
    { "manoeuvres", "maneuver" }, { "manoeuvring", "maneuvering" }, { "marginalis-", "marginaliz-" },
    { "marksmen", "marksman" }, { "martyris-", "martyriz-" }, { "marvellous-", "marvelous-" },
    { "matrices", "matrix" }, { "maxima", "maximum" }, { "maximis-", "maximiz-" }, { "meagre", "meager" },
    { "meant", "mean" }, { "mechanis-", "mechaniz-" }, { "memoranda", "memorandum" }, { "memoris-", "memoriz-" },
    { "men", "man" }, { "mens", "man" }, { "menus", "menu" }, { "mesmeris-", "mesmeriz-" }, { "met", "meet" },
    { "metabolis-", "metaboliz-" }, { "metalis-", "metaliz-" }, { "metamorphoses", "metamorphosis" },
    { "metastases", "metastasis" }, { "metre", "meter" }, { "metres", "meter" }, { "mice", "mouse" },
    { "micrometre", "micrometer" }, { "micrometres", "micrometer" }, { "middlemen", "middleman" },
    { "midmen", "midman" }, { "midwives", "midwife" }, { "milkmen", "milkman" }, { "millennia", "millennium" },
    { "millilitre", "milliliter" }, { "millilitres", "milliliter" }, { "millimetre", "millimeter" },
    { "millimetres", "millimeter" }, { "mimicked", "mimic" }, { "mimicking", "mimic" },
    { "mineralis-", "mineraliz-" }, { "minima", "minimum" }, { "minimis-", "minimiz-" }, { "mislaid", "mislay" },
    { "misled", "mislead" }, { "mistaken", "mistake" }, { "mistook", "mistake" }, { "mitochondria", "mitochondrion" },
    { "mitre", "miter" }, { "mitred", "mitered" }, { "mitres", "miter" }, { "mobilis-", "mobiliz-" },
    { "modeller-", "modeler-" }, { "modernis-", "moderniz-" }, { "modularis-", "modulariz-" },
    { "moduli", "modulus" }, { "mollusc-", "mollusk-" }, { "momenta", "momentum" }, { "monetis-", "monetiz-" },
    { "monologue", "monolog" }, { "monopolis-", "monopoliz-" }, { "moralis-", "moraliz-" },
    { "moratoria", "moratorium" }, { "motoris-", "motoriz-" }, { "mould-", "mold-" }, { "moult-", "molt-" },
    { "moustache-", "mustache-" }, { "mown", "mow" }, { "nationalis-", "nationaliz-" },
    { "naturalis-", "naturaliz-" }, { "nearer", "near" }, { "nearest", "near" }, { "nebulis-", "nebuliz-" },
    { "necroses", "necrosis" }, { "neighbour-", "neighbor-" }, { "neuroses", "neurosis" },
    { "neutralis-", "neutraliz-" }, { "nevi", "nevus" }, { "newer", "new" }, { "newest", "new" },
    { "normalis-", "normaliz-" }, { "notaris-", "notariz-" }, { "nuclei", "nucleus" }, { "oases", "oasis" },
    { "objectivis-", "objectiviz-" }, { "ochre", "ocher" }, { "odour-", "odor-" }, { "oedema-", "edema-" },
    { "oesophag-", "esophag-" }, { "oestr-", "estr-" }, { "oestrogen-", "estrogen-" }, { "offence", "offense" },
    { "offences", "offense" }, { "older", "old" }, { "oldest", "old" }, { "ombudsmen", "ombudsman" },
    { "omelette", "omelet" }, { "operationalis-", "operationaliz-" }, { "optima", "optimum" },
    { "optimis-", "optimiz-" }, { "organis-", "organiz-" }, { "orthopaed-", "orthoped-" },
    { "orthopaedic-", "orthopedic-" }, { "orthoses", "orthosis" }, { "ostracis-", "ostraciz-" },
    { "outgrown", "outgrow" }, { "outsold", "outsell" }, { "ova", "ovum" }, { "overcame", "overcome" },
    { "overheard", "overhear" }, { "overheated", "overheat" }, { "overheating", "overheat" },
    { "overlaid", "overlay" }, { "overpaid", "overpay" }, { "overridden", "override" }, { "overrode", "override" },
    { "oversaw", "oversee" }, { "overseen", "oversee" }, { "oversold", "oversell" }, { "overtaken", "overtake" },
    { "overthrown", "overthrow" }, { "overtook", "overtake" }, { "oxen", "ox" }, { "oxidis-", "oxidiz-" },
    { "paediatr-", "pediatr-" }, { "paedo-", "pedo-" }, { "paid", "pay" }, { "palaeo-", "paleo-" },
    { "panicked", "panic" }, { "panicking", "panic" }, { "parallelis-", "paralleliz-" }, { "paralys-", "paralyz-" },
    { "parametris-", "parametriz-" }, { "parentheses", "parenthesis" }, { "parlour-", "parlor-" },
    { "pasteuris-", "pasteuriz-" }, { "patrolmen", "patrolman" }, { "patronis-", "patroniz-" },
    { "pedestrianis-", "pedestrianiz-" }, { "pedlar-", "peddler-" }, { "pelletis-", "pelletiz-" },
    { "pelves", "pelvis" }, { "penalis-", "penaliz-" }, { "penknives", "penknife" }, { "people", "person" },
    { "persevered", "persevere" }, { "persevering", "persevere" }, { "personalis-", "personaliz-" },
    { "phalanges", "phalanx" }, { "phenomena", "phenomenon" }, { "philosophis-", "philosophiz-" },
    { "phoney", "phony" }, { "picnicking", "picnic" }, { "plagiaris-", "plagiariz-" }, { "plainsmen", "plainsman" },
    { "plasticis-", "plasticiz-" }, { "plateaux", "plateau" }, { "plough-", "plow-" }, { "pluses", "plus" },
    { "plusses", "plus" }, { "pocketknives", "pocketknife" }, { "polaris-", "polariz-" },
    { "policemen", "policeman" }, { "polymis-", "polymiz-" }, { "poorer", "poor" }, { "poorest", "poor" },
    { "popularis-", "populariz-" }, { "potentialis-", "potentializ-" }, { "practise-", "practice-" },
    { "practising", "practicing" }, { "prepaid", "prepay" }, { "pressuris-", "pressuriz-" },
    { "pretence-", "pretense-" }, { "prioritis-", "prioritiz-" }, { "privatis-", "privatiz-" },
    { "professionalis-", "professionaliz-" }, { "prognoses", "prognosis" }, { "programme", "program" },
    { "programmes", "program" }, { "prologue", "prolog" }, { "proselytis-", "proselytiz-" },
    { "prostheses", "prosthesis" }, { "protocolis-", "protocoliz-" }, { "proven", "prove" },
    { "psychoanalys-", "psychoanalyz-" }, { "psychoses", "psychosis" }, { "publicis-", "publiciz-" },
    { "puffed", "puff" }, { "puffing", "puff" }, { "pulveris-", "pulveriz-" }, { "pumpmen", "pumpman" },
    { "pyjama-", "pajama-" }, { "quanta", "quantum" }, { "queued", "queue" }, { "queueing", "queue" },
    { "queuing", "queue" }, { "quicker", "quick" }, { "quickest", "quick" }, { "quizzed", "quiz" },
    { "quizzes", "quiz" }, { "quizzing", "quiz" }, { "radicalis-", "radicaliz-" }, { "radii", "radius" },
    { "radiomen", "radioman" }, { "ran", "run" }, { "ranchmen", "ranchman" }, { "rancour-", "rancor-" },
    { "randomis-", "randomiz-" }, { "rationalis-", "rationaliz-" }, { "realis-", "realiz-" },
    { "rebuilt", "rebuild" }, { "recognis-", "recogniz-" }, { "reconnoitre", "reconnoiter" }, { "redone", "redo" },
    { "referenda", "referendum" }, { "reinitialis-", "reinitializ-" }, { "remade", "remake" },
    { "reorganis-", "reorganiz-" }, { "repaid", "repay" }, { "repairmen", "repairman" },
    { "repressuris-", "repressuriz-" }, { "reran", "rerun" }, { "resold", "resell" }, { "retaken", "retake" },
    { "rethought", "rethink" }, { "retold", "retell" }, { "retook", "retake" }, { "reutilis-", "reutiliz-" },
    { "revitalis-", "revitaliz-" }, { "rewound", "rewind" }, { "rewritten", "rewrite" }, { "rewrote", "rewrite" },
    { "rhinorrhoea-", "rhinorrhea-" }, { "richer", "rich" }, { "richest", "rich" }, { "ridden", "ride" },
    { "riflemen", "rifleman" }, { "rigour-", "rigor-" }, { "risen", "rise" }, { "rode", "ride" },
    { "romanis-", "romaniz-" }, { "rubberis-", "rubberiz-" }, { "rumour-", "rumor-" }, { "rung", "ring" },
    { "sabre", "saber" }, { "safer", "safe" }, { "safest", "safe" }, { "said", "say" }, { "saleable", "salable" },
    { "salesmen", "salesman" }, { "salespeople", "salesperson" }, { "saltpetre", "saltpeter" },
    { "sanatoria", "sanatorium" }, { "sang", "sing" }, { "sanitis-", "sanitiz-" }, { "sank", "sink" },
    { "sarcomata", "sarcoma" }, { "sat", "sit" }, { "satiris-", "satiriz-" }, { "saviour-", "savior-" },
    { "savour-", "savor-" }, { "sawn", "saw" }, { "scandalis-", "scandaliz-" }, { "scarves", "scarf" },
    { "sceptic-", "skeptic-" }, { "sceptre", "scepter" }, { "schemata", "schema" }, { "schoolmen", "schoolman" },
    { "scrutinis-", "scrutiniz-" }, { "seamen", "seaman" }, { "seborrhoea-", "seborrhea-" },
    { "secularis-", "seculariz-" }, { "seen", "see" }, { "selves", "self" }, { "sensitis-", "sensitiz-" },
    { "sent", "send" }, { "septa", "septum" }, { "septicaem-", "septicem-" }, { "sepulchre", "sepulcher" },
    { "sera", "serum" }, { "serialis-", "serializ-" }, { "servicemen", "serviceman" }, { "sewn", "sew" },
    { "sexualis-", "sexualiz-" }, { "shaken", "shake" }, { "sharper", "sharp" }, { "sharpest", "sharp" },
    { "shaven", "shave" }, { "shellacked", "shellac" }, { "shellacking", "shellac" }, { "shelve", "shelf" },
    { "shelved", "shelf" }, { "shelves", "shelf" }, { "shelving", "shelf" }, { "shone", "shine" },
    { "shook", "shake" }, { "shorter", "short" }, { "shortest", "short" }, { "showmen", "showman" },
    { "shown", "show" }, { "shrank", "shrink" }, { "shrunk", "shrink" }, { "shrunken", "shrink" },
    { "signalis-", "signaliz-" }, { "signaller-", "signaler-" }, { "signalmen", "signalman" },
    { "silicis-", "siliciz-" }, { "simpler", "simple" }, { "simplest", "simple" }, { "sizeable", "sizable" },
    { "skilful-", "skillful-" }, { "slain", "slay" }, { "slept", "sleep" }, { "slid", "slide" }, { "slower", "slow" },
    { "slowest", "slow" }, { "slung", "sling" }, { "smaller", "small" }, { "smallest", "small" },
    { "smoothest", "smooth" }, { "smoulder-", "smolder-" }, { "sniffed", "sniff" }, { "sniffing", "sniff" },
    { "socialis-", "socializ-" }, { "sodomis-", "sodomiz-" }, { "softer", "soft" }, { "softest", "soft" },
    { "sold", "sell" }, { "solemnis-", "solemniz-" }, { "soliloquis-", "soliloquiz-" }, { "sombre", "somber" },
    { "sought", "seek" }, { "sown", "sow" }, { "specialis-", "specializ-" }, { "spectra", "spectrum" },
    { "spectre", "specter" }, { "sped", "speed" }, { "spelt", "spell" }, { "spent", "spend" }, { "spilt", "spill" },
    { "spiritualis-", "spiritualiz-" }, { "splendour-", "splendor-" }, { "spoilt", "spoil" }, { "spoken", "speak" },
    { "spokesmen", "spokesman" }, { "spokespeople", "spokesperson" }, { "sportsmen", "sportsman" },
    { "sprang", "spring" }, { "sprung", "spring" }, { "spun", "spin" }, { "stabilis-", "stabiliz-" },
    { "stadia", "stadium" }, { "standardis-", "standardiz-" }, { "statesmen", "statesman" }, { "steeper", "steep" },
    { "steepest", "steep" }, { "stenoses", "stenosis" }, { "sterilis-", "steriliz-" }, { "stigmata", "stigma" },
    { "stigmatis-", "stigmatiz-" }, { "stimuli", "stimulus" }, { "stockmen", "stockman" }, { "stole", "steal" },
    { "stolen", "steal" }, { "stomata", "stoma" }, { "stood", "stand" }, { "storey-", "story-" },
    { "strata", "stratum" }, { "strategis-", "strategiz-" }, { "stricter", "strict" }, { "strictest", "strict" },
    { "stronger", "strong" }, { "strongest", "strong" }, { "struck", "strike" }, { "strung", "string" },
    { "stuck", "stick" }, { "stuffed", "stuff" }, { "stuffing", "stuff" }, { "stung", "sting" },
    { "styli", "stylus" }, { "submenus", "submenu" }, { "subsidis-", "subsidiz-" }, { "subtotalis-", "subtotaliz-" },
    { "succour-", "succor-" }, { "sued", "sue" }, { "suing", "sue" }, { "sulfuris-", "sulfuriz-" },
    { "sulph-", "sulf-" }, { "sulphonamide-", "sulfonamide-" }, { "sulphuris-", "sulphuriz-" },
    { "summaris-", "summariz-" }, { "summonses", "summons" }, { "sung", "sing" }, { "sunk", "sink" },
    { "sustenance", "sustain" }, { "swam", "swim" }, { "swept", "sweep" }, { "switchmen", "switchman" },
    { "swollen", "swell" }, { "swore", "swear" }, { "sworn", "swear" }, { "swum", "swim" }, { "swung", "swing" },
    { "syllabi", "syllabus" }, { "symbioses", "symbiosis" }, { "symbolis-", "symboliz-" },
    { "sympathis-", "sympathiz-" }, { "symposia", "symposium" }, { "synchronis-", "synchroniz-" },
    { "synopses", "synopsis" }, { "syntheses", "synthesis" }, { "synthesis-", "synthesiz-" },
    { "systemis-", "systemiz-" }, { "tableaux", "tableau" }, { "tabularis-", "tabulariz-" }, { "taken", "take" },
    { "taller", "tall" }, { "tallest", "tall" }, { "tantalis-", "tantaliz-" }, { "taught", "teach" },
    { "taxa", "taxon" }, { "taxmen", "taxman" }, { "teeth", "tooth" }, { "tenderis-", "tenderiz-" },
    { "termini", "terminus" }, { "terroris-", "terroriz-" }, { "testes", "testis" }, { "texturis-", "texturiz-" },
    { "theatre", "theater" }, { "theatres", "theater" }, { "theoris-", "theoriz-" }, { "theses", "thesis" },
    { "thicker", "thick" }, { "thickest", "thick" }, { "thieves", "thief" }, { "thinnest", "thin" },
    { "thought", "think" }, { "threw", "throw" }, { "thrombi", "thrombus" }, { "thromboses", "thrombosis" },
    { "thrown", "throw" }, { "tidier", "tidy" }, { "tighter", "tight" }, { "tightest", "tight" },
    { "titbit-", "tidbit-" }, { "titre", "titer" }, { "titres", "titer" }, { "tokenis-", "tokeniz-" },
    { "told", "tell" }, { "took", "take" }, { "tore", "tear" }, { "torn", "tear" }, { "totalis-", "totaliz-" },
    { "toxaem-", "toxem-" }, { "tradesmen", "tradesman" }, { "tradespeople", "tradesperson" },
    { "trafficked", "traffic" }, { "trafficking", "traffic" }, { "trafficmen", "trafficman" },
    { "trainsmen", "trainsman" }, { "tranquilis-", "tranquiliz-" }, { "traumatis-", "traumatiz-" },
    { "traveller-", "traveler-" }, { "tribesmen", "tribesman" }, { "trivialis-", "trivializ-" }, { "trod", "tread" },
    { "trodden", "tread" }, { "trued", "true" }, { "truing", "true" }, { "tumour-", "tumor-" },
    { "tyrannis-", "tyranniz-" }, { "tyre", "tire" }, { "tyres", "tire" }, { "unauthoris-", "unauthoriz-" },
    { "undercoated", "undercoat" }, { "undercoating", "undercoat" }, { "undergone", "undergo" },
    { "underpaid", "underpay" }, { "understood", "understand" }, { "undertaken", "undertake" },
    { "undertook", "undertake" }, { "underutilis-", "underutiliz-" }, { "underwent", "undergo" },
    { "underwritten", "underwrite" }, { "underwrote", "underwrite" }, { "undid", "undo" }, { "undone", "undo" },
    { "unionis-", "unioniz-" }, { "unorganis-", "unorganiz-" }, { "unrecognis-", "unrecogniz-" },
    { "unwound", "unwind" }, { "upheld", "uphold" }, { "uraem-", "urem-" }, { "urbanis-", "urbaniz-" },
    { "urinalyses", "urinalysis" }, { "uteri", "uterus" }, { "utilis-", "utiliz-" }, { "valour-", "valor-" },
    { "vandalis-", "vandaliz-" }, { "vaporis-", "vaporiz-" }, { "vapour-", "vapor-" }, { "vectoris-", "vectoriz-" },
    { "verbalis-", "verbaliz-" }, { "vertices", "vertex" }, { "victimis-", "victimiz-" }, { "vigour-", "vigor-" },
    { "villi", "villus" }, { "virtualis-", "virtualiz-" }, { "visualis-", "visualiz-" }, { "vitalis-", "vitaliz-" },
    { "vocalis-", "vocaliz-" }, { "volatilis-", "volatiliz-" }, { "vortices", "vortex" },
    { "vulcanis-", "vulcaniz-" }, { "warehoused", "warehouse" }, { "warehousing", "warehouse" },
    { "warmest", "warm" }, { "watchmen", "watchman" }, { "watermen", "waterman" }, { "weaker", "weak" },
    { "weakest", "weak" }, { "weaponis-", "weaponiz-" }, { "weathermen", "weatherman" }, { "went", "go" },
    { "wept", "weep" }, { "westernis-", "westerniz-" }, { "whilst", "while" }, { "whisky", "whiskey" },
    { "wholesaled", "wholesale" }, { "wholesaling", "wholesale" }, { "wider", "wide" }, { "widest", "wide" },
    { "wilful-", "willful-" }, { "winteris-", "winteriz-" }, { "withdrawn", "withdraw" }, { "withdrew", "withdraw" },
    { "withheld", "withhold" }, { "withstood", "withstand" }, { "wives", "wife" }, { "woke", "wake" },
    { "woken", "wake" }, { "wolves", "wolf" }, { "women", "woman" }, { "womens", "woman" }, { "won", "win" },
    { "woollen-", "woolen-" }, { "wore", "wear" }, { "workmen", "workman" }, { "worn", "wear" }, { "worse", "bad" },
    { "worst", "bad" }, { "wove", "weave" }, { "woven", "weave" }, { "written", "write" }, { "wrote", "write" },
    { "wrung", "wring" }, { "yardmen", "yardman" }, { "yoghourt-", "yogurt-" }, { "yoghurt-", "yogurt-" },
    { "younger", "young" }, { "youngest", "young" },
    /* clang-format on */
};

/* Words whose meaning differs from that of other words with the same Snowball stem: "organize" is not about an organ,
 * nor "customer" about customs. A row has a form and its stem, in the notation of the pairs. Sorted in the same
 * way. */
static const struct pair apart[] = {
    /* clang-format off */
    { "animat-", "animat-" }, { "audition-", "audition-" }, { "authori-", "authori-" },
    { "breastfeed", "breastfeed" }, { "breastfeeds", "breastfeed" }, { "casing", "casing" }, { "casings", "casing" },
    { "clothes", "clothes" }, { "clothing", "clothes" },
    { "collectib-", "collectib-" }, { "compassion-", "compassion-" }, { "competen-", "competen-" },
    { "conductiv-", "conductiv-" }, { "conversation-", "conversation-" }, { "conversion-", "conversion-" },
    { "crossbreed", "crossbreed" }, { "crossbreeds", "crossbreed" }, { "customer-", "customer-" },
    { "department-", "department-" }, { "deposition-", "deposition-" }, { "designat-", "designat-" },
    { "diversion-", "diversion-" }, { "elevator-", "elevator-" }, { "embed", "embed" }, { "embeds", "embed" },
    { "emergenc-", "emergenc-" }, { "engineer-", "engineer-" }, { "evening-", "evening-" },
    { "executive-", "executive-" }, { "experiment-", "experiment-" }, { "facilitat-", "facilitat-" },
    { "hospitality", "hospitality" }, { "humane-", "humane-" }, { "importan-", "importan-" },
    { "informal-", "informal-" }, { "initial-", "initial-" }, { "integrit-", "integrit-" },
    { "internal-", "internal-" }, { "international-", "international-" },
    { "memorial-", "memorial-" }, { "mineral-", "mineral-" }, { "minorit-", "minorit-" }, { "officer-", "officer-" },
    { "organic-", "organic-" }, { "organism-", "organism-" }, { "organiz-", "organiz-" },
    { "oriental-", "oriental-" }, { "paste", "paste" }, { "pasted", "paste" }, { "pastes", "paste" },
    { "pasting", "paste" }, { "physics", "physics" }, { "positiv-", "positiv-" }, { "publication-", "publication-" },
    { "radiator-", "radiator-" }, { "relative-", "relative-" }, { "reseed", "reseed" }, { "reseeds", "reseed" },
    { "responsib-", "responsib-" }, { "severe-", "severe-" }, { "severit-", "severe-" }, { "suite", "suite" },
    { "suites", "suite" }, { "terminal-", "terminal-" }, { "transition-", "transition-" },
    { "universit-", "universit-" }, { "utilit-", "utilit-" },
    /* clang-format on */
};

/* The fewest bytes before the ending of a participle whose verb is looked for; "icing" is not one. */
#define MIN_VERB_ROOT 3

/* Endings that may follow a prefix of the second table; sorted. With anything else it is a different word, as in
 * "officer-in-charge". */
static const char *const endings[] = {
    /* clang-format off */
    "able", "al", "ally", "ation", "ational", "ations", "ce", "ces", "cies", "cy", "e", "ed", "ely", "er", "ers",
    "es", "ies", "ilities", "ility", "ing", "ings", "ion", "ions", "ism", "ity", "le", "les", "ly", "or", "ors",
    "s", "t", "tative", "ties", "tly", "ty", "y", "zation", "zations", "ze", "zed", "zes", "zing",
    /* clang-format on */
};

/* Endings that may follow a prefix in "is-" or "ys-". */
static const char *const verb_endings[] = { "e",    "ed",   "es",    "er",     "ers",    "ing",
                                            "ings", "able", "ation", "ations", "ational" };

/* The bytes of a row's form without its "-". */
static size_t
form_size (const struct pair *pair)
{
    size_t size = strlen (pair->form);
    return size && pair->form[size - 1] == '-' ? size - 1 : size;
}

/* Whether a row applies to a word that continues with `rest`. */
static bool
takes_rest (const struct pair *pair, size_t size, const char *rest, size_t rest_size)
{
    if (pair->form[size] != '-')
        return rest_size == 0;
    if (pair >= apart && pair < apart + sizeof apart / sizeof *apart)
        return !rest_size || sks_text_listed (rest, rest_size, endings, sizeof endings / sizeof *endings);
    if (pair->form[size - 1] != 's' || (pair->form[size - 2] != 'i' && pair->form[size - 2] != 'y'))
        return true;
    for (size_t i = 0; i < sizeof verb_endings / sizeof *verb_endings; i++)
        if (strlen (verb_endings[i]) == rest_size && memcmp (verb_endings[i], rest, rest_size) == 0)
            return true;
    return false;
}

/* A byte of a row's form; 0 at its end. */
static unsigned char
byte_at (const struct pair *pair, size_t at)
{
    return pair->form[at] == '-' ? 0 : (unsigned char) pair->form[at];
}

/* The row with the longest prefix of the form. The rows that begin with the bytes compared so far are consecutive,
 * and a row that ends there is the first of them. */
static const struct pair *
find_pair (const struct pair *rows, size_t count, const char *form, size_t size)
{
    const struct pair *found = NULL;
    size_t first = 0, end = count;
    for (size_t at = 0; at < size && form[at] && first < end; at++) {
        unsigned char byte = (unsigned char) form[at];
        size_t low = first, high = end;
        SKS_BISECT (low, high, row, byte_at (&rows[row], at) < byte)
        first = low;
        high = end;
        SKS_BISECT (low, high, row, byte_at (&rows[row], at) <= byte)
        end = low;
        if (at && first < end && !byte_at (&rows[first], at + 1) &&
            takes_rest (&rows[first], at + 1, form + at + 1, size - at - 1))
            found = &rows[first];
    }
    return found;
}

/* The size of a form without the "+" and "#" at the end of a word of at least three letters: "Network+" is about
 * networks, while C++ is not C. */
static size_t
without_signs (const char *form, size_t size)
{
    size_t letters = size;
    while (letters && (form[letters - 1] == '+' || form[letters - 1] == '#'))
        letters--;
    return letters > 2 ? letters : size;
}

/* The size of a form without the "s" of a plural. The stemmer keeps this "s" if no vowel precedes it except as the
 * last letter: "PCs", "CPUs", "MBAs", "spas", "1990s". */
static size_t
without_plural (const char *form, size_t size)
{
    size_t digits = 0, consonants = 0;
    if (size < 3 || form[size - 1] != 's' || form[size - 2] == 's')
        return size;
    for (size_t i = 0; i < size - 1; i++) {
        digits += form[i] >= '0' && form[i] <= '9';
        consonants += form[i] >= 'a' && form[i] <= 'z' && !strchr ("aeiouy", form[i]);
    }
    bool vowel = size > 3 && consonants == size - 2 && strchr ("aou", form[size - 2]);
    if (vowel && size == 4 && (memcmp (form, "plus", 4) == 0 || memcmp (form, "thus", 4) == 0))
        return size;
    return digits == size - 1 || consonants == size - 1 || vowel ? size - 1 : size;
}

static bool
ends_with (const char *form, size_t size, const char *ending)
{
    size_t length = strlen (ending);
    return size >= length && memcmp (form + size - length, ending, length) == 0;
}

/* Write the verb of a participle that the stemmer's rules do not join with it: "experience" of "experienced",
 * "apprentice" of "apprenticed". Returns its size, 0 for all other words. */
static size_t
put_verb (const char *form, size_t size, char out[SKS_MAX_WORD_BYTES])
{
    bool ed = ends_with (form, size, "ed");
    size_t root = size - (ed ? 2 : ends_with (form, size, "ing") ? 3 : 0);
    if (root == size || root < MIN_VERB_ROOT)
        return 0;
    if (!ends_with (form, root, "nc") && !ends_with (form, root, "ic"))
        return 0;
    memcpy (out, form, root);
    out[root] = 'e';
    return root + 1;
}

size_t
sks_forms_base (const char *form, size_t size, char out[SKS_MAX_WORD_BYTES])
{
    char verb[SKS_MAX_WORD_BYTES];
    size = without_plural (form, without_signs (form, size));
    size_t verb_size = put_verb (form, size, verb);
    if (verb_size) {
        form = verb;
        size = verb_size;
    }
    const struct pair *pair = find_pair (pairs, sizeof pairs / sizeof *pairs, form, size);
    if (!pair) {
        memcpy (out, form, size);
        return size;
    }
    size_t skipped = form_size (pair), used = strlen (pair->base);
    used -= pair->form[skipped] == '-';
    size_t rest = size - skipped < SKS_MAX_WORD_BYTES - used ? size - skipped : SKS_MAX_WORD_BYTES - used;
    memcpy (out, pair->base, used);
    memcpy (out + used, form + skipped, rest);
    return used + rest;
}

size_t
sks_forms_stem (const char *base, size_t size, char out[SKS_MAX_WORD_BYTES])
{
    const struct pair *pair = find_pair (apart, sizeof apart / sizeof *apart, base, size);
    size_t used = pair ? strlen (pair->base) : 0;
    used -= used && pair->base[used - 1] == '-';
    memcpy (out, pair ? pair->base : base, used);
    return used;
}

#include "playbook/internal/sensitive_topics.h"

#include "playbook/internal/values.h"

namespace tact::playbook_internal {
namespace {

struct BuiltIn {
  std::string_view id;
  std::string_view words;  // separated by commas
};

// Only words that tell alone: "church" is a maker of shoes, "health" a shelf with lipsticks.
constexpr BuiltIn kTopics[] = {
    {"health",
     "health care,healthcare,medical*,medicin*,medication*,pharmac*,prescription*,clinic,clinics,"
     "hospital*,diagnos*,therapy,therapies,therapist*,psycholog*,psychiatr*,psychotherap*,"
     "mental health,depression,anxiety,adhd,autism,dementia,alzheimer*,parkinson*,epilep*,"
     "migraine*,diabet*,insulin,blood pressure,blood glucose,cholesterol,cancer,oncolog*,"
     "chemotherapy,hiv,hepatitis,herpes,allergy,allergies,asthma,arthritis,incontinence,ostomy,"
     "wheelchair*,hearing aid,hearing aids,disability,disabilities,pregnan*,maternity,fertility,"
     "infertility,ovulation,ivf,miscarriage*,abortion*,contracept*,birth control,menopause,"
     "erectile,viagra,sildenafil,obesity,weight loss,eating disorder*,addiction,rehab,alcoholism,"
     "vaccin*,painkiller*,antidepressant*,antibiotic*,arznei*,medikament*,medizin*,apotheke*,"
     "rezeptpflichtig*,klinik*,krankenhaus,krankheit*,erkrankung*,arzt,ärzt*,therapie*,"
     "depressionen,krebs,brustkrebs,schwanger*,umstandsmode,verhütung*,kinderwunsch,wechseljahre,"
     "abtreibung*,inkontinenz,rollstuhl*,rollstühle,hörgerät*,behinderung*,blutdruck*,impf*"},
    {"sexuality",
     "sex,sexual*,sexuell*,erotic*,erotik*,gay,lesbian*,bisexual*,transgender*,queer,lgbt*,"
     "homosex*,intersex*,transsex*,schwul*,lesbisch*"},
    {"religion",
     "religio*,bible,bibles,bibel*,quran,koran,torah,thora,talmud,rosary,rosaries,rosenkranz,"
     "prayer,prayers,gebet*,halal,kosher,koscher,mosque*,moschee*,synagog*,hijab*,ramadan,"
     "hanukkah,chanukka,bar mitzvah,bat mitzvah,first communion,erstkommunion,catholic*,katholi*,"
     "protestant*,evangelisch*,muslim*,islam*,jewish,judaism,jüdisch*,hindu*,buddhis*,atheis*"},
    {"politics",
     "politic*,politik*,politisch*,democrat*,republican*,socialis*,communis*,labour party,"
     "conservative party,green party,party membership,election*,wahlkampf,wahlprogramm*,"
     "parteimitglied*"},
    {"trade_union",
     "trade union*,labor union*,labour union*,union dues,union membership,works council*,"
     "gewerkschaft*,betriebsrat*"},
    {"ethnicity",
     "ethnic*,ethnisch*,racial*,afro hair,indigenous,sinti,migrant*,refugee*,asylum,asyl,"
     "flüchtling*,migrationshintergrund"},
    {"genetics_and_biometrics",
     "genetic*,genetisch*,genom*,dna,gentest*,ancestry test*,paternity test*,vaterschaftstest*,"
     "biometri*,facial recognition,face recognition,gesichtserkennung"},
};

}  // namespace

std::vector<SensitiveTopic> built_in_sensitive_topics() {
  std::vector<SensitiveTopic> topics;
  for (const BuiltIn& built_in : kTopics) {
    SensitiveTopic topic;
    topic.id = built_in.id;
    for (const std::string_view word : split(built_in.words, ',')) {
      topic.categories.emplace_back(word);
    }
    topic.pages = topic.categories;
    topic.searches = topic.categories;
    topics.push_back(std::move(topic));
  }
  return topics;
}

}  // namespace tact::playbook_internal

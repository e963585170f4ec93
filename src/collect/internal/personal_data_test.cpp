#include "collect/internal/personal_data.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace tact::internal {
namespace {

std::string kind_of(std::string_view text, std::string_view key = "note") {
  const auto found = personal_data_in(text, key);
  return found ? std::string(to_string(*found)) : "none";
}

TEST(PersonalData, FindsEMailAddresses) {
  for (const std::string_view text :
       {"jane@example.org", "Jane Doe <jane.doe+shop@mail.example.co.uk>",
        "mailto:jane@example.org", "write to jane@example.org, please", "jürgen@müller.de",
        "jane%40example.org", "https://s.example/?to=jane%2540example.org", "o'neill@example.ie",
        "a@1und1.de", "(jane@example.museum)", "x@example.org y@"}) {
    EXPECT_EQ(kind_of(text), "email") << text;
  }
}

TEST(PersonalData, LeavesWhatOnlyHasAnAtSign) {
  for (const std::string_view text :
       {"@jane", "jane@", "@", "react@18.2.0", "https://cdn.example/npm/react@18.2.0/index.js",
        "/@writer/story", "logo@2x.png", "img/hero@3x.webp", "2 kg @ 3.50 EUR", "user@localhost",
        "5@2.50", "@media (min-width: 600px)", "jane@@example.org", "@tact/sdk"}) {
    EXPECT_EQ(kind_of(text), "none") << text;
  }
}

TEST(PersonalData, FindsPaymentCards) {
  for (const std::string_view text :
       {"4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111", "card=4111111111111111;",
        "my number is 4111 1111 1111 1111 12/27 123", "5555555555554444", "2223003122003222",
        "378282246310005", "3782 822463 10005", "6011111111111117", "3530111333300000",
        "30569309025904", "3056 930902 5904", "6240008631401148", "6304000000000000",
        "4111%201111%201111%201111", "Visa 4111111111111111.", "[4111111111111111]"}) {
    EXPECT_EQ(kind_of(text), "card") << text;
  }
  EXPECT_EQ(kind_of("4222222222222", "cardNumber"), "card");  // Visa before 1996
  EXPECT_EQ(kind_of("4222222222222", "number"), "none");
  EXPECT_EQ(kind_of("4111111111111111", "card_id"), "card");
}

TEST(PersonalData, LeavesNumbersThatAreNoCards) {
  for (const std::string_view text :
       {"4111111111111112",      // a digit off
        "1111111111111117",      // Luhn, and no card's prefix
        "41111111111111110000",  // too long
        "4006381333931",
        "4012345678901",  // EAN-13
        "04006381333931",
        "30614141999996",  // GTIN-14; the second passes Luhn by its prefix
        "1795255323123",
        "1795255323123000",     // milliseconds and microseconds since 1970
        "1795255323123000000",  // nanoseconds
        "2026-11-21T10:02:03.123Z",
        "2026-11-21 10:02:03",
        "20261121100203",
        "5461234567890",
        "40123456789012",  // 13 and 14 digits, as shop systems number
        "0.4111111111111111",
        "4111111111111111.5",  // decimals
        "SKU4111111111111111",
        "a4111111111111111f",  // within a code
        "order_4111111111111111",
        "4111 1111 11111111",  // no card is printed like this
        "40 30 20 10 50 60 70 80",
        "4-1-1-1-1-1-1-1",  // sizes
        "+49 151 2345 6789",
        "0151 23456789",
        "(030) 4111 1111 11",
        "550e8400-e29b-41d4-a716-446655440000",
        "1Z999AA10123456784",
        "00340434161094042557",
        "129.90",
        "1.234.567,89",
        "356938035643809",  // prices, an IMEI
        "192.168.178.111",
        "4111:1111:1111:1111"}) {
    EXPECT_EQ(kind_of(text), "none") << text;
  }
}

TEST(PersonalData, NumbersOfRecordsAndArticlesStay) {
  for (const std::string_view key : {"order_id", "orderId", "ORDER_ID", "id", "variant-id", "sku",
                                     "productSku", "ean", "gtin", "upc", "barcode", "mpn"}) {
    EXPECT_EQ(kind_of("4111111111111111", key), "none") << key;
    EXPECT_EQ(kind_of("078-05-1120", key), "none") << key;
    EXPECT_EQ(kind_of("jane@example.org", key), "email") << key;
    EXPECT_EQ(kind_of("DE89370400440532013000", key), "iban") << key;
  }
  for (const std::string_view key : {"number", "paid", "valid", "note", "text", ""}) {
    EXPECT_EQ(kind_of("4111111111111111", key), "card") << key;
  }
}

TEST(PersonalData, FindsIbans) {
  for (const std::string_view text :
       {"DE89370400440532013000", "DE89 3704 0044 0532 0130 00", "de89 3704 0044 0532 0130 00",
        "GB82 WEST 1234 5698 7654 32", "FR14 2004 1010 0505 0001 3M02 606", "NO93 8601 1117 947",
        "MT84MALT011000012345MTLCAST001S", "IBAN:ES9121000418450200051332.",
        "please pay to NL91ABNA0417164300, thanks", "iban=AT611904300234573201&x=1"}) {
    EXPECT_EQ(kind_of(text), "iban") << text;
  }
}

TEST(PersonalData, LeavesWhatOnlyLooksLikeAnIban) {
  for (const std::string_view text :
       {"DE88370400440532013000", "DE8937040044053201300", "DE893704004405320130000",
        "ZZ89370400440532013000", "XDE89370400440532013000", "SE12345678", "NO123456789",
        "DE-89370400440532013000", "MT84", "CH9300762011623852958", "IT-2026-11-21-0001"}) {
    EXPECT_EQ(kind_of(text), "none") << text;
  }
}

TEST(PersonalData, FindsNationalIdsByTheirForm) {
  for (const std::string_view text :
       {"RSSMRA85T10A562S", "rssmra85t10a562s", "CF: RSSMRA85T10A562S.", "185057800608491",
        "1 85 05 78 006 084 91", "185052A00608435", "078-05-1120", "ssn 078-05-1120"}) {
    EXPECT_EQ(kind_of(text), "national_id") << text;
  }
}

TEST(PersonalData, FindsOtherNationalIdsWhereTheyAreNamed) {
  const std::vector<std::pair<std::string_view, std::string_view>> named = {
      {"tax_id", "65929970489"},
      {"steuerId", "65 929 970 489"},
      {"userTaxId", "47036892816"},
      {"pesel", "44051401359"},
      {"bsn", "111222333"},
      {"dni", "12345678Z"},
      {"documento_nif", "12345678-z"},
      {"nie", "X1234567L"},
      {"nationalId", "X-1234567-L"},
      {"TAX ID", "65929970489"},
      {"customer.taxId", "65929970489"}};
  for (const auto& [key, text] : named) {
    EXPECT_EQ(kind_of(text, key), "national_id") << key;
    EXPECT_EQ(kind_of(text, "note"), "none") << text;
  }
  EXPECT_EQ(kind_of("mój PESEL to 44051401359"), "national_id");
  EXPECT_EQ(kind_of("mi dni es 12345678Z, gracias"), "national_id");
}

TEST(PersonalData, LeavesWhatOnlyLooksLikeANationalId) {
  for (const std::string_view text :
       {"RSSMRA85T10A562T", "RSSMRA85Z10A562S", "RSSMRA85T99A562S", "ABCDEF12G34H567I",
        "185057800608492", "100001234567890", "000-12-3456", "666-12-3456", "900-12-3456",
        "123-00-4567", "123-45-0000", "1078-05-1120", "078-05-11200", "078-05-1120-A"}) {
    EXPECT_EQ(kind_of(text), "none") << text;
  }
  EXPECT_EQ(kind_of("12345678A", "dni"), "none");
  EXPECT_EQ(kind_of("44051401358", "pesel"), "none");
  EXPECT_EQ(kind_of("65929970488", "tax_id"), "none");
  EXPECT_EQ(kind_of("12345678901", "tax_id"), "none");
  EXPECT_EQ(kind_of("111222334", "bsn"), "none");
  EXPECT_EQ(kind_of("000000000", "bsn"), "none");
  for (const std::string_view key : {"syntax", "taxi", "TAXI", "niece", "tint", "socialId"}) {
    EXPECT_EQ(kind_of("44051401359", key), "none") << key;
  }
  EXPECT_EQ(kind_of("19.00", "tax"), "none");
}

TEST(PersonalData, OddTextsAreJustTexts) {
  const std::string long_text(100'000, '4');
  EXPECT_EQ(kind_of(long_text), "none");
  std::string many;
  for (int i = 0; i < 20'000; ++i) many += "4111 ";
  EXPECT_EQ(kind_of(many), "none");  // linear: each place is looked at once for each layout
  for (const std::string_view text : {"", "%", "%%%", "%zz", "@@@", "\xFF@\xFF.\xFF\xFF", "DE",
                                      "DE8", "1", "----", "....", "1 1 1"}) {
    (void)kind_of(text);
  }
}

}  // namespace
}  // namespace tact::internal

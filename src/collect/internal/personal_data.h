// Personal data in texts where nobody expects it: pure detectors, made so that article numbers,
// order numbers, times and prices stay. Each says by which check digits it tells the two apart.
#pragma once

#include <optional>
#include <string_view>

#include "collect/collect.h"

namespace tact::internal {

// RFC 5321 addr-spec, loosely: something, "@", and a domain that ends in at least two letters.
// Not "react@18.2.0", "@name", "logo@2x.png".
bool has_email(std::string_view text);

// A payment card number (ISO/IEC 7812-1): 14 to 19 digits in a row or grouped as on a card, the
// prefix and length of a known scheme, the Luhn digit. 13 digits (Visa before 1996) only where
// `named`: German article numbers (EAN-13) look the same. Not a GTIN-14, not a part of a longer
// code.
bool has_card_number(std::string_view text, bool named = false);

// An IBAN (ISO 13616-1), in one piece or with blanks: the length its country's registry entry
// gives, and the check digits (ISO/IEC 7064, MOD 97-10).
bool has_iban(std::string_view text);

// National ids. By form and check digits alone: Italian codice fiscale, French NIR, US SSN as
// NNN-NN-NNNN. Only where `named`, because up to one in ten other numbers would pass: German tax
// id, Polish PESEL, Dutch BSN, Spanish DNI and NIE.
bool has_national_id(std::string_view text, bool named);

// What a text holds, percent-encoded (up to three times) or not. `key`: the name of its member;
// where that or the text itself says "card", "PESEL", "tax id", …, the stricter readings apply. A
// member that is named as a record's or an article's number ("order_id", "sku") holds numbers: of
// those only an e-mail address or an IBAN counts. O(|text|).
std::optional<Dropped> personal_data_in(std::string_view text, std::string_view key = {});

}  // namespace tact::internal

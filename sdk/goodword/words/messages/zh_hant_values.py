"""How values are written in Traditional Chinese, and what to do about a text in doubt."""

from typing import Final

VALUES: Final = {
    "offer.amount_off": "現折 {amount}",
    "offer.percent_off": "{off} 折優惠",
    "offer.percent_off.odd": "{percent}% 折扣",
    "offer.whole": "一筆訂單免費",
    "offer.free_shipping": "免運優惠",
    "offer.free_product": "免費贈品",
    "reward.amount_off": "下次購物折抵 {amount}",
    "reward.percent_off": "下次購物 {off} 折優惠",
    "reward.percent_off.odd": "下次購物 {percent}% 折扣",
    "reward.whole": "下次購物免費",
    "reward.free_shipping": "下次購物免運",
    "reward.free_product": "免費贈品",
    "reward.store_credit": "購物金 {amount}",
    "reward.gift_card": "禮物卡 {amount}",
    "reward.points": "{amount}",
    "reward.commission": "分紅 {amount}",
    "reward.amount_off.share": "朋友消費金額 {percent}% 的購物折抵",
    "reward.store_credit.share": "朋友消費金額 {percent}% 的購物金",
    "reward.gift_card.share": "朋友消費金額 {percent}% 的禮物卡",
    "reward.commission.share": "訂單金額 {percent}% 的分紅",
    "day": "{year} 年 {month} 月 {day} 日",
    "months": "1 2 3 4 5 6 7 8 9 10 11 12",
    "tier": "推薦成功 {before} 位之後，您可獲得 {reward}。",
    "tier.first": "第一位推薦成功之後，您可獲得 {reward}。",
    "between_tiers": "",
    "yes": "是",
    "example.advocate": "小美",
}
FINDINGS: Final[dict[str, str]] = {}

"""What storefronts and staff do, through Saleor's GraphQL."""

import base64
import time
import uuid
from typing import Any

import requests

ADDRESS = {
    "firstName": "Ann",
    "lastName": "Shopper",
    "streetAddress1": "411 University St",
    "city": "Seattle",
    "postalCode": "98101",
    "country": "US",
    "countryArea": "WA",
}
CHANNEL = "default-channel"


class Shop:
    """A storefront's client; staff calls carry a token that is renewed in time."""

    def __init__(self, url: str) -> None:
        self.url = f"{url}graphql/"
        self._session = requests.Session()
        self._token, self._token_at = "", 0.0

    def ask(
        self, query: str, *, staff: bool = False, token: str = "", **variables: Any
    ) -> dict[str, Any]:
        headers = {"Authorization-Bearer": self.staff_token() if staff else token}
        body = self._session.post(
            self.url,
            json={"query": query, "variables": variables},
            headers={name: value for name, value in headers.items() if value},
            timeout=60,
        ).json()
        assert not body.get("errors"), body["errors"]
        for field, payload in body["data"].items():
            errors = payload.get("errors") if isinstance(payload, dict) else None
            assert not errors, (field, errors)
        return dict(body["data"])

    def staff_token(self) -> str:
        if time.monotonic() - self._token_at > 240 or not self._token:
            self._token = self.log_in("admin@example.com", "admin")
            self._token_at = time.monotonic()
        return self._token

    def log_in(self, email: str, password: str) -> str:
        query = "mutation($e:String!,$p:String!){tokenCreate(email:$e,password:$p){token errors{message}}}"
        return str(self.ask(query, e=email, p=password)["tokenCreate"]["token"])

    def variant(self) -> str:
        query = """query($c:String!){products(first:50,channel:$c,filter:{isPublished:true,isAvailable:true}){
            edges{node{productType{isShippingRequired} variants{id quantityAvailable preorder{endDate}
            pricing{price{gross{amount}}}}}}}}"""
        for edge in self.ask(query, c=CHANNEL)["products"]["edges"]:
            for variant in edge["node"]["variants"] or []:
                price = (variant["pricing"] or {}).get("price")
                shipped = (
                    edge["node"]["productType"]["isShippingRequired"] and not variant["preorder"]
                )
                if (
                    shipped
                    and price
                    and price["gross"]["amount"]
                    and variant["quantityAvailable"] >= 5
                ):
                    return str(variant["id"])
        raise AssertionError("the sample shop sells nothing")

    def start_checkout(
        self,
        email: str,
        *,
        phone: str = "",
        token: str = "",
        language: str = "EN_US",
        allows: str = "",
    ) -> dict[str, Any]:
        address = {**ADDRESS, "phone": phone} if phone else ADDRESS
        given = {
            "channel": CHANNEL,
            "email": email,
            "languageCode": language,
            "lines": [{"variantId": self.variant(), "quantity": 1}],
            "shippingAddress": address,
            "billingAddress": address,
        }
        query = """mutation($i:CheckoutCreateInput!){checkoutCreate(input:$i){
            errors{field message} checkout{id token lines{id variant{id}}}}}"""
        checkout = dict(self.ask(query, i=given, token=token)["checkoutCreate"]["checkout"])
        if allows:
            self.declare(checkout["id"], allows)
        return checkout

    def declare(self, subject_id: str, allows: str) -> None:
        """What a storefront's consent box does: it writes into the public metadata."""
        query = """mutation($id:ID!,$m:[MetadataInput!]!){updateMetadata(id:$id,input:$m){errors{message}}}"""
        self.ask(
            query, staff=True, id=subject_id, m=[{"key": "marketing_consent", "value": allows}]
        )

    def add_line(self, checkout_id: str) -> dict[str, Any]:
        query = """mutation($id:ID!,$l:[CheckoutLineInput!]!){checkoutLinesAdd(id:$id,lines:$l){
            errors{field message} checkout{id quantity}}}"""
        lines = [{"variantId": self.variant(), "quantity": 1}]
        return dict(self.ask(query, id=checkout_id, l=lines)["checkoutLinesAdd"]["checkout"])

    def pay(self, checkout_id: str) -> dict[str, Any]:
        """Delivery, payment by the dummy gateway, completion."""
        methods = self.ask(
            "query($id:ID!){checkout(id:$id){shippingMethods{id active}}}",
            staff=True,
            id=checkout_id,
        )["checkout"]["shippingMethods"]
        method = next(method["id"] for method in methods if method["active"])
        self.ask(
            """mutation($id:ID!,$m:ID!){checkoutDeliveryMethodUpdate(id:$id,deliveryMethodId:$m){
            errors{field message}}}""",
            id=checkout_id,
            m=method,
        )
        total = self.ask(
            "query($id:ID!){checkout(id:$id){totalPrice{gross{amount}}}}",
            staff=True,
            id=checkout_id,
        )["checkout"]["totalPrice"]["gross"]["amount"]
        payment = {"gateway": "mirumee.payments.dummy", "token": "fully-charged", "amount": total}
        self.ask(
            "mutation($id:ID!,$i:PaymentInput!){checkoutPaymentCreate(id:$id,input:$i){errors{field message}}}",
            id=checkout_id,
            i=payment,
        )
        return self.complete(checkout_id)

    def complete(self, checkout_id: str) -> dict[str, Any]:
        query = """mutation($id:ID!){checkoutComplete(id:$id){errors{field message}
            order{id number status isPaid lines{id quantity}}}}"""
        return dict(self.ask(query, id=checkout_id)["checkoutComplete"]["order"])

    def buy(self, email: str, **options: Any) -> dict[str, Any]:
        return self.pay(self.start_checkout(email, **options)["id"])

    def fulfil(self, order: dict[str, Any]) -> None:
        asked = self.ask(
            "query($id:ID!){order(id:$id){lines{id quantity}} warehouses(first:1){edges{node{id}}}}",
            staff=True,
            id=order["id"],
        )
        warehouse = asked["warehouses"]["edges"][0]["node"]["id"]
        lines = [
            {
                "orderLineId": line["id"],
                "stocks": [{"quantity": line["quantity"], "warehouse": warehouse}],
            }
            for line in asked["order"]["lines"]
        ]
        query = """mutation($o:ID!,$i:OrderFulfillInput!){orderFulfill(order:$o,input:$i){
            errors{field message}}}"""
        given = {"lines": lines, "notifyCustomer": False, "allowStockToBeExceeded": True}
        self.ask(query, staff=True, o=order["id"], i=given)

    def refund(self, order: dict[str, Any]) -> None:
        total = self.ask(
            "query($id:ID!){order(id:$id){total{gross{amount}}}}", staff=True, id=order["id"]
        )["order"]["total"]["gross"]["amount"]
        query = "mutation($id:ID!,$a:PositiveDecimal!){orderRefund(id:$id,amount:$a){errors{field message}}}"
        self.ask(query, staff=True, id=order["id"], a=total)

    def register(self, email: str) -> None:
        given = {
            "email": email,
            "password": "Passw0rd!",
            "firstName": "Ann",
            "lastName": "Shopper",
            "languageCode": "EN",
            "channel": CHANNEL,
            "redirectUrl": "http://127.0.0.1:8001/confirm",
            "metadata": [{"key": "marketing_consent", "value": "email"}],
        }
        query = (
            "mutation($i:AccountRegisterInput!){accountRegister(input:$i){errors{field message}}}"
        )
        self.ask(query, i=given)

    def knows(self, email: str) -> bool:
        """Whether the account is there; a worker makes it."""
        return bool(self.ask("query($e:String!){user(email:$e){id}}", staff=True, e=email)["user"])

    def confirm(self, email: str, token: str) -> None:
        query = "mutation($e:String!,$t:String!){confirmAccount(email:$e,token:$t){errors{field message}}}"
        self.ask(query, e=email, t=token)

    def messages(self, email: str) -> list[dict[str, Any]]:
        """What our own fields say was sent to somebody, and what was not."""
        query = """query($e:String!){messagingProfile(email:$e){messages(first:50){edges{node{
            channel state reason template address decisions{stage verdict rule reason}
            attempts{outcome code}}}}}}"""
        profile = self.ask(query, staff=True, e=email)["messagingProfile"]
        return [edge["node"] for edge in profile["messages"]["edges"]] if profile else []


def somebody() -> str:
    return f"{uuid.uuid4().hex[:10]}@example.com"


def database_id(global_id: str) -> str:
    return base64.b64decode(global_id).decode().partition(":")[2]

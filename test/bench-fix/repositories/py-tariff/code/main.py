from billing import meters
from billing.invoice import Invoices
from billing.tariffs import Tariffs


def main():
    readings = meters.read("data/readings.csv")
    invoices = Invoices(Tariffs.load("data/tariffs.json"))
    for customer, of_customer in meters.by_customer(readings).items():
        print(invoices.make(customer, of_customer).text())


if __name__ == "__main__":
    main()

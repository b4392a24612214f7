"""Outside any community: find yours, sign in, look and language, health."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from weiyifang.core.web import switching
from weiyifang.people import demo_sign_in, second_factor, sign_up
from weiyifang.portal import find
from weiyifang.wechat_pay import outside

handler500 = "weiyifang.core.web.outage.handler500"

urlpatterns = [
    path("", find.find, name="find"),
    path("health/", find.health, name="health"),
    path("look/", switching.look, name="look"),
    path("wechat-pay/notifications/", outside.notification, name="wechat_pay_notification"),
    path("wechat-pay/double/<slug:number>/", outside.double, name="wechat_pay_double"),
    path("accounts/demo/<slug:key>/", demo_sign_in.only_in_the_demo, name="demo_sign_in"),
    path("accounts/phone/verify/", sign_up.verify_phone, name="account_verify_phone"),
    path("accounts/invitation/", second_factor.invitation, name="invitation"),
    path("accounts/2fa/totp/activate/", second_factor.activate_totp, name="mfa_activate_totp"),
    path("accounts/2fa/webauthn/add/", second_factor.add_passkey, name="mfa_add_webauthn"),
    # nobody has a mail address here: whoever forgot the password signs in with the phone
    re_path(r"^accounts/(?:password/reset|email|confirm-email)/", RedirectView.as_view(url="/accounts/login/code/")),
    path("accounts/", include("allauth.urls")),
]
